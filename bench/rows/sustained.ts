import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { callIdOf } from '../load/message-fields.js';
import type { LoadResult } from '../load/load-result.js';
import type { Status } from '../../src/contract/status.js';
import type { ApiClient } from '../process/api-client.js';
import type { Earshot } from '../process/earshot-server.js';
import { startChild } from '../process/start-child.js';
import { atLeast, count, ifAimed, times, type Figure } from '../report/figure.js';
import type { Aims } from '../stores/store-under-test.js';
import { withNaive } from './acknowledge.js';
import { load, otherAnswers } from './load.js';

const recordsPerPush = 20;
const shard = 2;
/** So many calls are asked for by their id when everything should be there. */
const samples = 200;
const drainTimeoutMs = 900_000;

interface Sustained {
  readonly load: LoadResult;
  /** From the first push to the last searchable call. */
  readonly seconds: number;
  readonly backlog: number;
  readonly drainPerSecond: number | undefined;
  readonly missing: number;
  /** Processor time from the first push to the last searchable call, in seconds. */
  readonly cpuSeconds: { readonly earshot: number; readonly store: number };
}

/** The closed loop of twenties for a minute, until every message is a call that a search finds. */
export async function measureSustained(bench: Bench): Promise<Figure[]> {
  const { sustainedMs: durationMs, sustainedPushes: maxPushes } = bench.scale;
  const naive = await withNaive(bench, (port) =>
    load({ port, recordsPerPush, shard, warmUpMs: 0, durationMs, maxPushes }),
  );
  const naivePerSecond = naive.acknowledgedPerSecond * recordsPerPush;
  bench.say(`  naive: ${count(naivePerSecond)} records/s`);
  const storage = await startChild('silence', {});
  try {
    const linkBases = [`http://127.0.0.1:${storage.answer.port}`];
    const earshot = await bench.withEarshot('sustained', (server) => sustain(bench, server, linkBases));
    return toFigures(bench.store.aims, earshot, naivePerSecond);
  } finally {
    await storage.stop();
  }
}

async function sustain(
  bench: Bench,
  { port, api, cpuSeconds }: Earshot,
  linkBases: readonly string[],
): Promise<Sustained> {
  const { sustainedMs: durationMs, sustainedPushes: maxPushes } = bench.scale;
  const cpuBefore = { earshot: cpuSeconds(), store: bench.store.cpuSeconds() };
  const startedAt = performance.now();
  const result = await load({ port, recordsPerPush, shard, linkBases, warmUpMs: 0, durationMs, maxPushes });
  const stopped = { at: performance.now(), status: await api.status() };
  bench.say(
    `  load ended: ${count(result.acknowledged)} pushes, ${count(stopped.status.inbox.pending)} wait in the inbox`,
  );
  const sorted = await untilDrained(api, ({ inbox }) => inbox.pending === 0);
  const everything = await untilDrained(
    api,
    ({ inbox, consumers }) =>
      inbox.pending === 0 && consumers.every(({ name, lag }) => lag === 0 || name === 'analyser'),
  );
  const backlog = stopped.status.inbox.pending * recordsPerPush;
  const drainSeconds = (sorted.at - stopped.at) / 1000;
  return {
    load: result,
    seconds: (everything.at - startedAt) / 1000,
    backlog,
    drainPerSecond: backlog >= 20_000 ? backlog / drainSeconds : undefined,
    cpuSeconds: {
      earshot: cpuSeconds() - cpuBefore.earshot,
      store: bench.store.cpuSeconds() - cpuBefore.store,
    },
    missing: await countMissing(api, result, everything.status),
  };
}

async function untilDrained(
  api: ApiClient,
  isDrained: (status: Status) => boolean,
): Promise<{ at: number; status: Status }> {
  const { status } = await api.waitForStatus(isDrained, {
    everyMs: 50,
    timeoutMs: drainTimeoutMs,
    what: 'every push sorted and projected',
  });
  return { at: performance.now(), status };
}

/** Messages that were acknowledged and are not in the journal; and sampled calls that a search does not find. */
async function countMissing(api: ApiClient, result: LoadResult, status: Status): Promise<number> {
  let missing = Math.max(0, result.acknowledged * recordsPerPush - status.journal.lastSeq);
  if (Object.keys(result.others).length > 0) return missing;
  for (let sample = 0; sample < samples; sample++) {
    const message = Math.floor((sample / (samples - 1)) * (result.messages - 1));
    const { items } = await api.searchCalls({ callId: callIdOf(shard, message) });
    if (items.length !== 1) missing++;
    await wait(0);
  }
  return missing;
}

function toFigures(
  aims: Aims,
  { load: result, seconds, backlog, drainPerSecond, missing, cpuSeconds }: Sustained,
  naive: number,
): Figure[] {
  const messages = result.acknowledged * recordsPerPush;
  const perSecond = messages / seconds;
  const microsecondsOf = (cpu: number): number => Math.round((cpu * 1e6) / messages);
  const cpu = { earshot: microsecondsOf(cpuSeconds.earshot), store: microsecondsOf(cpuSeconds.store) };
  const ofStore = cpu.store > 0 ? `, its database ${cpu.store} µs` : '';
  const notes = [
    ...otherAnswers([result]),
    `processor time a message: Earshot ${cpu.earshot} µs${ofStore}`,
    `${count(messages)} messages in ${seconds.toFixed(1)} s, of which the load took ${result.measuredSeconds.toFixed(1)} s`,
    missing === 0 ? 'every message was found as a call' : `${missing} MESSAGES ARE MISSING`,
  ];
  return [
    {
      name: 'sustained until searchable, 20 a push',
      measured: `${count(perSecond)} records/s`,
      beside: `${times(perSecond / naive)} × naive (${count(naive)})`,
      aims: ifAimed(aims.sustained, (ratio) => atLeast(ratio, 'naive', perSecond / naive)),
      numbers: {
        perSecond,
        naive,
        missing,
        acceptedPerSecond: result.acknowledgedPerSecond * recordsPerPush,
        earshotMicroseconds: cpu.earshot,
        storeMicroseconds: cpu.store,
      },
      notes,
    },
    {
      name: 'inbox drains once the load stops',
      measured: drainPerSecond === undefined ? 'nothing was waiting' : `${count(drainPerSecond)} messages/s`,
      beside: `${count(backlog)} messages were waiting`,
      aims: ifAimed(aims.drainPerSecond, (rate) => ({
        text: `≥ ${count(rate)}/s`,
        isReached: drainPerSecond === undefined || drainPerSecond >= rate,
      })),
      numbers: { backlog, drainPerSecond: drainPerSecond ?? 0 },
    },
  ];
}
