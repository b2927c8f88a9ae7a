import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.js';
import type { ReceivedPush } from '../store/inbox.js';
import { GroupCommit, type CommitResult, type GroupCommitLimits } from './group-commit.js';

/** An inbox whose appends end when the test says so. */
function openHeldInbox() {
  const groups: string[][] = [];
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    groups,
    get inFlight(): number {
      return waiting.length;
    },
    append: (pushes: readonly ReceivedPush[]): Promise<void> => {
      groups.push(pushes.map(({ body }) => Buffer.from(body).toString()));
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    async finish(error?: Error): Promise<void> {
      const oldest = waiting.shift();
      if (!oldest) throw new Error('no append is under way');
      if (error) oldest.reject(error);
      else oldest.resolve();
      await turn();
      await turn();
    },
  };
}

const roomy: GroupCommitLimits = {
  maxQueuedBytes: 1_000_000,
  maxQueuedBytesOfSource: 1_000_000,
  lateAfterMs: 650,
  maxGroupBytes: 1_000_000,
  maxGroupPushes: 1_000,
};

const flushes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const flush of flushes.splice(0)) await flush();
});

function open(limits: Partial<GroupCommitLimits> = {}) {
  const inbox = openHeldInbox();
  const clock = { now: 1_000 };
  const failures: unknown[] = [];
  const commit = new GroupCommit(
    inbox,
    () => clock.now,
    (error) => failures.push(error),
    { ...roomy, ...limits },
  );
  const answers: [string, CommitResult][] = [];
  flushes.push(async () => {
    while (inbox.inFlight > 0) await inbox.finish();
    await commit.flush();
  });
  return {
    inbox,
    clock,
    failures,
    commit,
    answers,
    submit: (...bodies: string[]): void => {
      for (const body of bodies) {
        // A body may name its source: `b/text`.
        const source = body.includes('/') ? body.slice(0, body.indexOf('/')) : 'default';
        const push = { receivedAt: clock.now, source, remoteAddress: '', body: Buffer.from(body) };
        commit.submit(push, (result) => answers.push([body, result]));
      }
    },
  };
}

describe('GroupCommit', () => {
  it('answers a push once it is durable, and not before', async () => {
    const { inbox, submit, answers } = open();
    submit('a');
    await turn();
    expect(inbox.groups).toEqual([['a']]);
    expect(answers).toEqual([]);
    await inbox.finish();
    expect(answers).toEqual([['a', 'stored']]);
  });

  it('commits what arrives together together, the first with the others', async () => {
    const { inbox, submit } = open();
    submit('a', 'b', 'c');
    await turn();
    expect(inbox.groups).toEqual([['a', 'b', 'c']]);
  });

  it('has one commit under way at a time, while the next group gathers in its order', async () => {
    const { inbox, submit, answers } = open();
    submit('a');
    await turn();
    submit('b');
    await turn();
    submit('c', 'd');
    await turn();
    expect(inbox.inFlight).toBe(1);
    expect(inbox.groups).toEqual([['a']]);
    await inbox.finish();
    expect(inbox.groups).toEqual([['a'], ['b', 'c', 'd']]);
    expect(answers).toEqual([['a', 'stored']]);
    await inbox.finish();
    expect(answers.map(([body]) => body)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('bounds a group in pushes and in bytes, and lets a large push go by itself', async () => {
    const { inbox, submit } = open({ maxGroupPushes: 3, maxGroupBytes: 10 });
    submit('1', '2', '3', '4', 'five5', 'six66', 'x'.repeat(50), 'last');
    await turn();
    while (inbox.inFlight > 0) await inbox.finish();
    expect(inbox.groups).toEqual([['1', '2', '3'], ['4', 'five5'], ['six66'], ['x'.repeat(50)], ['last']]);
  });

  it('refuses at once what does not fit into the queue, and takes pushes again when there is room', async () => {
    const { inbox, submit, answers } = open({ maxQueuedBytes: 10 });
    submit('12345', '6789');
    submit('ab');
    expect(answers).toEqual([['ab', 'overloaded']]);
    submit('c');
    await turn();
    submit('d');
    expect(answers.at(-1)).toEqual(['d', 'overloaded']);
    await inbox.finish();
    submit('1234567890');
    await turn();
    await inbox.finish();
    expect(answers.at(-1)).toEqual(['1234567890', 'stored']);
  });

  it('answers late what is not durable after 650 ms, each push once, and drops what still waited', async () => {
    const { inbox, submit, answers, clock } = open();
    submit('written');
    await turn();
    submit('waiting');
    clock.now += 649;
    submit('young');
    clock.now += 1;
    await until(() => answers.length === 2, { what: 'two late answers' });
    expect(answers.toSorted()).toEqual([
      ['waiting', 'late'],
      ['written', 'late'],
    ]);
    await inbox.finish();
    expect(inbox.groups).toEqual([['written'], ['young']]);
    await inbox.finish();
    expect(answers).toHaveLength(3);
    expect(answers.at(-1)).toEqual(['young', 'stored']);
  });

  it('goes on after everything that waited was late', async () => {
    const { inbox, submit, answers, clock } = open();
    submit('a');
    await turn();
    submit('b');
    clock.now += 10_000;
    await until(() => answers.length === 2, { what: 'two late answers' });
    await inbox.finish();
    submit('c');
    await turn();
    await inbox.finish();
    expect(answers.at(-1)).toEqual(['c', 'stored']);
  });

  it('fails a group that could not be stored, says why, and tries the next one', async () => {
    const { inbox, submit, answers, failures, commit, clock } = open();
    submit('a', 'b');
    await turn();
    submit('c');
    const full = new Error('the disk is full');
    await inbox.finish(full);
    expect(answers).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
    ]);
    expect(failures).toEqual([full]);
    expect(commit.lastFailureAt).toBe(clock.now);
    await inbox.finish();
    expect(answers.at(-1)).toEqual(['c', 'stored']);
    expect(commit.lastFailureAt).toBeUndefined();
  });

  it('is flushed once everything has its answer', async () => {
    const { inbox, submit, answers, commit } = open();
    await commit.flush();
    submit('a');
    await turn();
    submit('b');
    let isFlushed = false;
    const flushed = commit.flush().then(() => (isFlushed = true));
    await inbox.finish();
    expect(isFlushed).toBe(false);
    await inbox.finish();
    await flushed;
    expect(answers).toHaveLength(2);
  });

  it('gives sources their turns: one that sends much delays another by one group', async () => {
    const { inbox, submit } = open({ maxGroupBytes: 6 });
    submit('a/11', 'a/22', 'a/33', 'a/44');
    await turn();
    submit('b/1', 'c/1');
    for (let group = 0; group < 6 && inbox.inFlight > 0; group++) await inbox.finish();
    expect(inbox.groups).toEqual([['a/11'], ['b/1', 'c/1'], ['a/22'], ['a/33'], ['a/44']]);
  });

  it('takes the large pushes of one source and the small ones of another by turns', async () => {
    const { inbox, submit } = open({ maxGroupBytes: 6 });
    submit('a/large-1', 'a/large-2', 'b/1', 'b/2', 'b/3');
    await turn();
    for (let group = 0; group < 6 && inbox.inFlight > 0; group++) await inbox.finish();
    expect(inbox.groups).toEqual([['a/large-1'], ['b/1', 'b/2'], ['a/large-2'], ['b/3']]);
  });

  it('lets one source fill its share, and refuses others only once all shares are taken', async () => {
    const { commit, inbox, submit, answers } = open({ maxQueuedBytes: 20, maxQueuedBytesOfSource: 12 });
    submit('a/123456', 'a/654321', 'b/1');
    expect(answers).toEqual([['a/654321', 'overloaded']]);
    expect(commit.lastFullAt).toBeUndefined();
    submit('b/1234567', 'c/1');
    expect(answers.slice(1).map(([, result]) => result)).toEqual(
      ['overloaded', 'overloaded'].slice(0, answers.length - 1),
    );
    expect(commit.lastFullAt).toBe(1_000);
    while (inbox.inFlight > 0) await inbox.finish();
    await turn();
    while (inbox.inFlight > 0) await inbox.finish();
    submit('a/654321');
    await turn();
    expect(inbox.groups.flat()).toContain('a/654321');
  });
});
