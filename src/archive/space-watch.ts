import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { Drafts } from '../storage/asset-storage.js';
import type { DownloadResult } from './verdict.js';

export interface Allowed {
  /** Downloads at once. */
  readonly slots: number;
  /** Nothing but these recordings. */
  readonly only?: readonly string[];
}

/** How long nothing is asked of a disk that has refused bytes although it seemed to have room: a quota, say. */
const pauseMs = 60_000;
/** Room that is told twice as large as after the refusal, and this at least, is another matter. */
const leastRoomBytes = 1024 ** 2;

/**
 * How much may be downloaded while there is no space.
 *
 *   enough ──the reserve is reached──▶ nothing but what is here whole, and waits for its storage alone
 *      │ ──a disk refuses bytes──▶ nothing for a minute, then one at a time
 *      │ ──the storage refuses what is here whole──▶ one at a time: bytes that are here are safe from their links' end
 *      ▲
 *      └── one is archived, or there is more room
 */
export class SpaceWatch {
  #isRefused = false;
  #pausedUntil = -Infinity;
  /** What a disk told of its room when it was asked first after a refusal. */
  #roomThen: number | undefined;
  #isTold = false;

  constructor(
    private readonly storage: Pick<Drafts, 'draftRoom' | 'wholeDrafts'>,
    private readonly stopwatch: Clock,
    private readonly log: Logger,
  ) {}

  async allowed(slots: number): Promise<Allowed> {
    // Where even that cannot be told, the attempts say what is wrong.
    const room = await this.storage.draftRoom().catch(() => Infinity);
    const hasRoom = room > 0;
    if (this.#isRefused && room > 2 * (this.#roomThen ??= Math.max(room, leastRoomBytes)))
      this.#isRefused = false;
    this.#tell(this.#isRefused || !hasRoom);
    if (!hasRoom) return { slots: 1, only: await this.storage.wholeDrafts() };
    if (!this.#isRefused) return { slots };
    return { slots: this.stopwatch() < this.#pausedUntil ? 0 : 1 };
  }

  ended(result: DownloadResult): void {
    if (result.kind === 'archived') this.#isRefused = false;
    else if (result.failure.reason === 'no-space') {
      this.#isRefused = true;
      this.#roomThen = undefined;
      if (!result.failure.isHeld) this.#pausedUntil = this.stopwatch() + pauseMs;
    }
  }

  #tell(isFull: boolean): void {
    if (isFull === this.#isTold) return;
    this.#isTold = isFull;
    if (isFull)
      this.log.warn(
        'There is no space left for recordings. They wait; pushes are taken. Make room: links die.',
      );
    else this.log.info('There is space for recordings again.');
  }
}
