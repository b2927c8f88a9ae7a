import { parseArgs } from 'node:util';

export const storeNames = ['sqlite', 'postgres'] as const;
export type StoreName = (typeof storeNames)[number];

/** How much of everything a run does. */
export interface Scale {
  readonly name: 'full' | 'short';
  /** Times that server and baselines take turns. */
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly roundMs: number;
  readonly sustainedMs: number;
  /** A closed loop of twenties writes gigabytes a minute: it ends here at the latest. */
  readonly sustainedPushes: number;
  readonly latencyMs: number;
  /** Calls in the large data set; the small one has a hundredth. */
  readonly storedCalls: number;
  readonly searches: number;
  /** How often the browser does each thing. */
  readonly consoleTries: number;
  readonly scrolledRows: number;
  readonly archiveRounds: number;
  readonly smallFiles: number;
  readonly largeFiles: number;
  readonly publishedFiles: number;
  readonly analyses: number;
  readonly starts: number;
  readonly deliverRounds: number;
  /** To the one endpoint, and to each of many. */
  readonly deliveredMessages: number;
  readonly deliveredMessagesEach: number;
}

const full: Scale = {
  name: 'full',
  rounds: 3,
  warmUpMs: 1_500,
  roundMs: 8_000,
  sustainedMs: 60_000,
  sustainedPushes: 250_000,
  latencyMs: 30_000,
  storedCalls: 5_000_000,
  searches: 300,
  consoleTries: 5,
  scrolledRows: 20_000,
  archiveRounds: 3,
  smallFiles: 400,
  largeFiles: 45,
  publishedFiles: 60,
  analyses: 15,
  starts: 5,
  deliverRounds: 3,
  deliveredMessages: 400_000,
  deliveredMessagesEach: 10_000,
};

const short: Scale = {
  name: 'short',
  rounds: 1,
  warmUpMs: 500,
  roundMs: 1_500,
  sustainedMs: 4_000,
  sustainedPushes: 20_000,
  latencyMs: 4_000,
  storedCalls: 50_000,
  searches: 40,
  consoleTries: 2,
  scrolledRows: 2_000,
  archiveRounds: 1,
  smallFiles: 60,
  largeFiles: 4,
  publishedFiles: 8,
  analyses: 3,
  starts: 2,
  deliverRounds: 1,
  deliveredMessages: 20_000,
  deliveredMessagesEach: 1_000,
};

/** What differs on PostgreSQL, where a message takes several times as long from its receipt to a searchable call. */
const onPostgres: Readonly<Record<Scale['name'], Partial<Scale>>> = {
  full: {
    sustainedPushes: 50_000,
    storedCalls: 1_000_000,
    deliveredMessages: 200_000,
    deliveredMessagesEach: 2_000,
  },
  short: { sustainedPushes: 2_000, deliveredMessages: 10_000, deliveredMessagesEach: 200 },
};

export const usage =
  'usage: npm run bench -- [--store sqlite|postgres] [--short] [--only ROW[,ROW…]] [--calls N] [--out FILE]';

/** Fewer hold no page that is deep. */
const leastCalls = 5_000;

export interface Options {
  readonly store: StoreName;
  readonly scale: Scale;
  readonly only: readonly string[] | undefined;
  readonly out: string | undefined;
}

/** @throws Error whose message says what is wrong with the arguments. */
export function parseOptions(
  args: readonly string[],
  rowsOf: Readonly<Record<StoreName, readonly string[]>>,
): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'sqlite' },
      short: { type: 'boolean' },
      only: { type: 'string' },
      calls: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const store = storeNames.find((name) => name === values.store);
  if (!store) throw new Error(`there is no store "${values.store}"; stores are ${storeNames.join(', ')}`);
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !rowsOf[store].includes(name));
  if (unknown !== undefined) {
    throw new Error(`there is no row "${unknown}"; rows are ${rowsOf[store].join(', ')}`);
  }
  const scale = values.short ? short : full;
  const adapted = store === 'postgres' ? { ...scale, ...onPostgres[scale.name] } : scale;
  if (values.calls === undefined) return { store, scale: adapted, only, out: values.out };
  const storedCalls = Number(values.calls);
  if (!Number.isInteger(storedCalls) || storedCalls < leastCalls) {
    throw new Error(`--calls is a whole number from ${leastCalls}`);
  }
  return { store, scale: { ...adapted, storedCalls }, only, out: values.out };
}
