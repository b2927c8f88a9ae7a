import { parseArgs } from 'node:util';

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
  readonly archiveRounds: number;
  readonly smallFiles: number;
  readonly largeFiles: number;
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
  archiveRounds: 3,
  smallFiles: 400,
  largeFiles: 40,
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
  archiveRounds: 1,
  smallFiles: 60,
  largeFiles: 4,
  starts: 2,
  deliverRounds: 1,
  deliveredMessages: 20_000,
  deliveredMessagesEach: 1_000,
};

export const usage = 'usage: npm run bench -- [--short] [--only ROW[,ROW…]] [--out FILE]';

export interface Options {
  readonly scale: Scale;
  readonly only: readonly string[] | undefined;
  readonly out: string | undefined;
}

/** @throws Error whose message says what is wrong with the arguments. */
export function parseOptions(args: readonly string[], rowNames: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { short: { type: 'boolean' }, only: { type: 'string' }, out: { type: 'string' } },
  });
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !rowNames.includes(name));
  if (unknown !== undefined) throw new Error(`there is no row "${unknown}"; rows are ${rowNames.join(', ')}`);
  return { scale: values.short ? short : full, only, out: values.out };
}
