import { describe, expect, it } from 'vitest';
import { testStart } from '../../../test/support/temporary-store.js';
import type { Asset } from '../../domain/recording.js';
import type { Change, MessageChange } from '../projection.js';
import type { CallRow } from '../rows/call-row.js';
import { phase, toStateNumber, type RecordingRow } from '../rows/recording-row.js';
import { foldChanges, type FoldedRows } from './projection.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');
const lost = toStateNumber('lost');

const asset: Asset = {
  bytes: 10,
  sha256: 'ab'.repeat(32),
  container: 'wav',
  archivedAt: testStart,
  fileName: '2025/05/22/a.wav',
};

function message(seq: number, callId: string, more: Partial<MessageChange> = {}): Change {
  return { kind: 'message', seq, callId, rank: 3, receivedAt: testStart + seq, flags: [], ...more };
}

function link(name: string, deadlineAt = testStart, path = '/a.wav') {
  return { recording: { link: `http://h${path}?${name}`, host: 'h', path, deadlineAt } };
}

const published = (seq: number) => ({
  recording: { link: `earshot:r${seq}`, host: 'earshot', path: `r${seq}`, deadlineAt: testStart },
});

const fold = (changes: readonly Change[], known: Partial<FoldedRows> = {}, isLive = true): FoldedRows =>
  foldChanges({ calls: known.newCalls ?? [], recordings: known.newRecordings ?? [] }, changes, isLive);

/** The only row, or a failure. */
function only<T>(rows: readonly T[]): T {
  expect(rows).toHaveLength(1);
  return rows[0] as T;
}

describe('the first message of a call', () => {
  it('makes its row, whose id is its seq, and that of its recording', () => {
    const folded = fold([message(7, '1^2', { taskId: 't', startAt: 5, ...link('x') })]);
    expect(only(folded.newCalls)).toMatchObject({
      id: 7,
      call_id: '1^2',
      call_tail: '2',
      task_id: 't',
      sort_at: 5,
      recording_states: 1 << pending,
    });
    expect(only(folded.newRecordings)).toMatchObject({
      id: 7,
      call: 7,
      link_seq: 7,
      state: pending,
      phase: phase.due,
      next_attempt_at: testStart + 7,
    });
    expect(folded.changedCalls).toEqual([]);
    expect([...folded.differences]).toEqual([[pending, 1]]);
  });

  it('is told from those that follow it in the same batch', () => {
    const folded = fold([
      message(1, 'a', link('x')),
      message(2, 'a', { rank: 1, outId: 'o' }),
      message(3, 'a', link('y', testStart + 1)),
      message(4, 'a', link('z', testStart, '/b.wav')),
    ]);
    expect(only(folded.newCalls)).toMatchObject({ id: 1, out_id: 'o', last_received_at: testStart + 4 });
    expect(folded.newRecordings.map(({ id, link_seq: seq }) => [id, seq])).toEqual([
      [1, 3],
      [4, 4],
    ]);
    expect([...folded.differences]).toEqual([[pending, 2]]);
  });
});

describe('a further message', () => {
  const before = fold([message(1, 'a', { taskId: 't', startAt: 5, ...link('x') })]);

  it('changes the row that is there, whose states are told anew only where a recording is new or in another state', () => {
    const told = fold([message(2, 'a', { taskId: 'u' })], before);
    expect(only(told.changedCalls)).toMatchObject({ id: 1, task_id: 'u', start_at: 5 });
    expect(told.restatedCalls).toEqual([]);
    expect(told.newCalls).toEqual([]);
    const refreshed = fold([message(2, 'a', link('y'))], before);
    expect(refreshed.restatedCalls).toEqual([]);
    expect(only(refreshed.changedRecordings)).toMatchObject({ id: 1, link_seq: 2, forced: 1 });
    const more = fold([message(2, 'a', link('y', testStart, '/b.wav'))], before);
    expect(more.restatedCalls).toEqual([1]);
    expect(only(more.newRecordings)).toMatchObject({ id: 2, call: 1 });
  });

  it('with a fresh link leaves a download to its holder, and revives what was lost', () => {
    const leased = withRecording(before, { phase: phase.leased, leased_until: testStart });
    expect(only(fold([message(2, 'a', link('y'))], leased).changedRecordings)).toMatchObject({
      phase: phase.leased,
      leased_until: testStart,
    });
    const revived = fold(
      [message(2, 'a', link('y', 0))],
      withRecording(before, { state: lost, phase: null }),
    );
    expect(only(revived.changedRecordings)).toMatchObject({ state: pending, phase: phase.due });
    expect(revived.restatedCalls).toEqual([1]);
    expect([...revived.differences]).toEqual([
      [lost, -1],
      [pending, 1],
    ]);
  });
});

describe('an event', () => {
  const archive: Change = { kind: 'archived', seq: 9, recordingId: 'r1', asset, flags: ['short'] };
  const lose: Change = { kind: 'lost', seq: 9, recordingId: 'r1', reason: 'expired', linkSeq: 1 };
  const downloaded = fold([message(1, 'a', link('x'))]);

  it('has changed its recording before it is folded, but for one that was published here', () => {
    for (const event of [archive, lose]) expect(fold([event], downloaded).changedRecordings).toEqual([]);
    const waiting = fold([message(1, 'a', published(1))]);
    expect(only(waiting.newRecordings)).toMatchObject({ phase: null, next_attempt_at: null });
    const folded = fold([archive], waiting);
    expect(only(folded.changedRecordings)).toMatchObject({
      state: archived,
      short: 1,
      file_name: asset.fileName,
      codec: null,
    });
    expect(folded.changedCalls).toEqual([]);
    expect(folded.restatedCalls).toEqual([1]);
  });

  it('is told of a published recording in one batch with its message', () => {
    const folded = fold([message(1, 'a', published(1)), archive]);
    expect(only(folded.newRecordings)).toMatchObject({ state: archived });
    expect(only(folded.newCalls)).toMatchObject({ recording_states: 1 << archived });
    expect([...folded.differences]).toEqual([[archived, 1]]);
  });

  it('is all that a rebuild knows of a download', () => {
    expect(only(fold([archive], downloaded, false).changedRecordings)).toMatchObject({ state: archived });
    expect(only(fold([lose], downloaded, false).changedRecordings)).toMatchObject({
      state: lost,
      reason: 'expired',
    });
    const fresher = fold([message(1, 'a', link('x')), message(2, 'a', link('y')), lose], {}, false);
    expect(only(fresher.newRecordings)).toMatchObject({ state: pending, link_seq: 2 });
  });

  it('of a recording that nobody knows changes nothing', () => {
    expect(fold([archive, lose], {}, false)).toEqual(fold([]));
  });
});

function withRecording(folded: FoldedRows, more: Partial<RecordingRow>): Partial<FoldedRows> {
  const calls: readonly CallRow[] = folded.newCalls;
  return {
    newCalls: calls,
    newRecordings: folded.newRecordings.map((row) => ({ ...row, ...more })),
  };
}
