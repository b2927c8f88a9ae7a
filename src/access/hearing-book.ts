import { joinStretches, secondsOf, type Stretch } from '../domain/heard-stretches.js';
import type { AuditLogReader } from '../store/audit-log.js';

export interface Listen {
  readonly actorId: string;
  readonly recordingId: string;
  /** Chosen by the player. */
  readonly listenId: string;
}

/** What has been heard in one listen so far. */
export interface Heard {
  readonly seconds: number;
  readonly stretches: readonly Stretch[];
}

/** More listens than go on at once; only there so that the memory is bounded. */
const maxKept = 5_000;
/** Records among which one of the same listen is looked for. */
const lookedAt = 50;

/**
 * How much of each listen the audit log has been told. A listen is told of again when more of it was heard, each time
 * with all of it; what another process was told, or this one before a restart, is read from the log.
 */
export class HearingBook {
  readonly #told = new Map<string, Heard>();

  constructor(private readonly log: Pick<AuditLogReader, 'list'>) {}

  /** All that was heard, where that is more than was told; undefined where nothing is new. */
  async add(listen: Listen, stretches: readonly Stretch[]): Promise<Heard | undefined> {
    const before = this.#told.get(keyOf(listen)) ?? (await this.#readTold(listen));
    const joined = joinStretches([...(before?.stretches ?? []), ...stretches]);
    const seconds = secondsOf(joined);
    return seconds > (before?.seconds ?? 0) ? { seconds, stretches: joined } : undefined;
  }

  /** Once it is in the log. */
  told(listen: Listen, heard: Heard): void {
    if (this.#told.size >= maxKept) this.#told.clear();
    this.#told.set(keyOf(listen), heard);
  }

  async #readTold({ actorId, recordingId, listenId }: Listen): Promise<Heard | undefined> {
    const { items } = await this.log.list({
      ...{ actorId, action: 'recording.heard', subjectKind: 'recording', subjectId: recordingId },
      limit: lookedAt,
    });
    const last = items.find(({ detail }) => detail?.['listenId'] === listenId)?.detail;
    return last as Heard | undefined;
  }
}

function keyOf({ actorId, recordingId, listenId }: Listen): string {
  return JSON.stringify([actorId, recordingId, listenId]);
}
