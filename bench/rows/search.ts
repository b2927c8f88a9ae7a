import type { Bench } from '../bench.js';
import type { CallPage } from '../../src/contract/calls.js';
import { toCallCursor } from '../../src/http/cursor.js';
import { callSpacingMs, callsPerTask, dataSetShard, someCall, taskIdOf } from '../data-set/data-set.js';
import type { FilledStore, Planning } from '../stores/store-under-test.js';
import { callHeadOf, callIdOf } from '../load/message-fields.js';
import { atMost, count, median, ms, percentile, times, type Figure } from '../report/figure.js';

const pageSize = 50;
const deepPage = 10_000;

/** One kind of search: the query for a call (a number from 1), and how many calls it must find at least. */
interface Search {
  readonly name: string;
  readonly query: (call: number, data: FilledStore) => Record<string, string>;
  readonly finds: number;
}

const searches: readonly Search[] = [
  { name: 'first page', query: () => ({}), finds: pageSize },
  {
    // Half-way where there are fewer calls than that.
    name: `page ${count(deepPage)}`,
    query: (call, data) => {
      const spread = Math.min(1_000, Math.floor(data.calls / 10));
      const id = data.calls - Math.min(pageSize * deepPage, Math.floor(data.calls / 2)) - (call % spread);
      return { cursor: toCallCursor({ sortAt: startOf(id, data), id }) };
    },
    finds: pageSize,
  },
  { name: 'by callId', query: (call) => ({ callId: callIdOf(dataSetShard, call) }), finds: 1 },
  { name: 'by half of a callId', query: (call) => ({ q: callHeadOf(dataSetShard, call) }), finds: 1 },
  {
    name: 'by task and hour',
    query: (call, data) => {
      const first = call - (call % callsPerTask) + Math.min(600, Math.floor(data.calls / 2));
      const from = startOf(first, data);
      return { taskId: taskIdOf(first), from: iso(from), to: iso(from + 3_600_000) };
    },
    finds: 1,
  },
  { name: 'by state: pending', query: () => ({ state: 'pending' }), finds: 1 },
  { name: 'by state: lost', query: () => ({ state: 'lost' }), finds: 1 },
  {
    name: 'by state and day',
    query: (call, data) => {
      const to = startOf(Math.max(call, 200), data);
      return { state: 'lost', from: iso(to - 24 * 3_600_000), to: iso(to) };
    },
    finds: 1,
  },
];

/** Searches one after another over the API, on a quiet server: in the large data set, and in one of a hundredth. */
export async function measureSearch(bench: Bench): Promise<Figure[]> {
  const large = await bench.dataSet(bench.scale.storedCalls);
  const small = await bench.dataSet(Math.round(bench.scale.storedCalls / 100));
  const figures: Figure[] = [];
  for (const planning of bench.store.plannings) {
    const inSmall = await searchIn(bench, small, planning);
    const inLarge = await searchIn(bench, large, planning);
    for (const [index, { name }] of searches.entries()) {
      const planned = planning === undefined ? name : `${name} (${planning} plans)`;
      figures.push(toFigure(planned, large, small, inLarge[index] ?? [], inSmall[index] ?? []));
    }
  }
  return figures;
}

async function searchIn(
  bench: Bench,
  data: FilledStore,
  planning: Planning | undefined,
): Promise<number[][]> {
  return await bench.withEarshot(
    'search',
    async ({ api }) => {
      const all: number[][] = [];
      for (const search of searches) {
        const durations: number[] = [];
        for (let turn = 0; turn < bench.scale.searches; turn++) {
          const query = search.query(someCall(turn, data), data);
          const answer = await api.get(`/api/v1/calls?${new URLSearchParams(query).toString()}`);
          refuseWrong(search, query, answer.status, answer.body);
          durations.push(answer.durationMs);
        }
        all.push(durations);
      }
      return all;
    },
    { filled: data, planning },
  );
}

/** A benchmark that finds nothing fast has measured nothing. */
function refuseWrong({ name, finds }: Search, query: object, status: number, body: string): void {
  const found = status === 200 ? (JSON.parse(body) as CallPage).items.length : 0;
  if (found < finds) {
    throw new Error(
      `search "${name}" ${JSON.stringify(query)} answered ${status} with ${found} calls: ${body.slice(0, 200)}`,
    );
  }
}

function toFigure(
  name: string,
  large: FilledStore,
  small: FilledStore,
  inLarge: readonly number[],
  inSmall: readonly number[],
): Figure {
  const p95 = percentile(inLarge, 95);
  const growth = median(inLarge) / median(inSmall);
  return {
    name: `search ${name}`,
    measured: `p50 ${ms(median(inLarge))}, p95 ${ms(p95)}`,
    beside: `${times(growth)} × p50 of ${count(small.calls)} calls`,
    // Flat: a hundred times the rows add a level to a tree, not a factor. 2 leaves room for a noisy machine.
    aims: [atMost(20, 'ms', p95, 'p95'), { text: '≤ 2 ×', isReached: growth <= 2 }],
    numbers: { calls: large.calls, p50Ms: median(inLarge), p95Ms: p95, smallP50Ms: median(inSmall) },
  };
}

function startOf(call: number, { firstStartAt }: FilledStore): number {
  return firstStartAt + call * callSpacingMs;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
