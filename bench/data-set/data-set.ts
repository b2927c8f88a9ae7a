/** A store filled beforehand, kept in a cache so that it is made once. */
export interface DataSetSpec {
  readonly folder: string;
  readonly calls: number;
  readonly downloads: OpenDownloads;
  /** Reads the whole store once, so that it lies in the page cache as on a server that has been running. */
  readonly warm: boolean;
}

/** What the open downloads of a data set are to be when the server starts on it. */
export type OpenDownloads =
  | { readonly kind: 'waiting' }
  /** All of them due at once, at a storage that listens on these ports. */
  | { readonly kind: 'due'; readonly ports: readonly number[] };

export interface DataSet {
  /** The data folder to start a server on. */
  readonly folder: string;
  readonly calls: number;
  /** Start of call n is `firstStartAt + n * callSpacingMs`; calls are numbered from 1. */
  readonly firstStartAt: number;
  /** 0 where it was there already. */
  readonly buildSeconds: number;
}

export const callSpacingMs = 6_000;
export const callsPerTask = 20_000;
export const callsPerBatch = 2_000;

/**
 * Seconds of call n: 5 to 245 in scrambled order, but one call in 50,000 took an hour. For either back end.
 */
export const durationSql = 'CASE n % 50000 WHEN 7 THEN 3600 ELSE 5 + n * 7919 % 241 END';

/** One call in fifty, the newest ones, waits for its download. */
export function openDownloadsOf(calls: number): number {
  return Math.ceil(calls / 50);
}

/** Calls from all over the data set, the same ones in every run; not the newest, which are still open. */
export function someCall(turn: number, { calls }: Pick<DataSet, 'calls'>): number {
  return 1 + ((turn * 7_919_993) % (calls - openDownloadsOf(calls) - 1));
}

/** The data set's place among the shards of `callIdOf`. */
export const dataSetShard = 0;

export function taskIdOf(call: number): string {
  return `1181${String(Math.floor(call / callsPerTask)).padStart(12, '0')}`;
}
