import type { DownloadAttempt } from '../domain/recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { Clock } from '../domain/clock.js';
import type { Hours } from '../store/hours.js';

/** How much may still be archived. */
export interface Space {
  /** Where the storage can tell. */
  readonly freeBytes?: number;
  /** Of these, what is kept for pushes. */
  readonly reservedBytes?: number;
  /** Nothing more can be archived: recordings wait. */
  readonly isFull: boolean;
}

export interface StorageSpace {
  /** A bucket tells by its refusals alone that it is full: this process's own attempts at downloads. */
  heard(attempt: Pick<DownloadAttempt, 'reason'>): void;
  read(): Promise<Space>;
  /** As it was found last; each call starts another look. So a disk that hangs delays no caller. */
  isFull(): boolean;
}

export function createStorageSpace(
  assets: Pick<AssetStorage, 'freeBytes' | 'draftRoom' | 'reservedBytes'>,
): StorageSpace {
  let isRefused = false;
  let known = false;
  let looking: Promise<unknown> | undefined;
  const read = async (): Promise<Space> => {
    const freeBytes = await assets.freeBytes();
    const isFull = (await assets.draftRoom()) === 0 || isRefused;
    known = isFull;
    if (freeBytes === undefined) return { isFull };
    return { freeBytes, reservedBytes: await assets.reservedBytes(), isFull };
  };
  const look = (): void => {
    looking ??= read()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
  };
  return {
    heard: ({ reason }) => {
      if (reason === 'no-space') isRefused = true;
      if (reason === 'archived') isRefused = false;
    },
    read,
    isFull: () => {
      look();
      return known;
    },
  };
}

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
/** A week has its busiest day. */
const lookedBackMs = 7 * dayMs;
const keepMs = 10 * 60 * 1000;
/** A push takes its bytes in the inbox, again in the journal, and about as much in calls, indexes and logs. */
const copies = 4;

/** What a day of pushes takes of the disk, by the busiest day of the last week; as it was told last while the store is away. */
export function createIntakeNeed(hours: Pick<Hours, 'since'>, clock: Clock): () => Promise<number> {
  let known = 0;
  let askedAt = -Infinity;
  const ask = async (now: number): Promise<void> => {
    const days = new Map<number, number>();
    for (const { hour, name, value } of await hours.since(now - lookedBackMs)) {
      if (name !== 'pushedBytes') continue;
      const day = Math.floor((now - hour) / dayMs);
      days.set(day, (days.get(day) ?? 0) + value);
    }
    known = copies * Math.max(0, ...days.values());
  };
  return () => {
    const now = clock();
    if (Math.abs(now - askedAt) >= keepMs) {
      askedAt = now;
      // The answer is for the next question: no caller waits for a store that is away.
      ask(now).catch(() => undefined);
    }
    return Promise.resolve(known);
  };
}
