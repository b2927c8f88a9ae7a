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
export const callDurationSeconds = 125;

/** One call in fifty, the newest ones, waits for its download. */
export function openDownloadsOf(calls: number): number {
  return Math.ceil(calls / 50);
}

/** The data set's place among the shards of `callIdOf`. */
export const dataSetShard = 0;

export function taskIdOf(call: number): string {
  return `1181${String(Math.floor(call / callsPerTask)).padStart(12, '0')}`;
}
