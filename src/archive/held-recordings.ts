import type { Clock } from '../domain/clock.js';
import type { DownloadReason } from '../domain/recording.js';
import { type Drafts, StorageError } from '../storage/asset-storage.js';
import type { RecordingsReader, RecordingsWriter } from '../store/recordings.js';

export interface HeldDeps {
  readonly storage: Pick<Drafts, 'openDraft' | 'wholeDrafts'>;
  readonly recordings: Pick<RecordingsReader, 'get'>;
  readonly recordingsWriter: Pick<RecordingsWriter, 'retryNow'>;
  readonly clock: Clock;
}

/** How a link dies; a recording that somebody deleted stays deleted. */
const linkDied: ReadonlySet<DownloadReason | undefined> = new Set(['expired', 'deadline-passed'] as const);

/**
 * Looks after recordings that this machine holds whole and the storage has not taken yet. Drafts are local, claims are
 * not: another machine may have had the next attempt. Where it archived the recording, or somebody deleted that, our
 * bytes go. Where it found the link dead and the recording became lost, it is made due again, for us to claim: should
 * another be faster once more, the next look tries again. Returns how many were made due.
 */
export async function reviewHeld(deps: HeldDeps): Promise<number> {
  let made = 0;
  for (const id of await deps.storage.wholeDrafts()) {
    const recording = await deps.recordings.get(id);
    if (recording?.state === 'archived' || recording?.reason === 'deleted') {
      await drop(id, deps.storage);
    } else if (recording?.state === 'lost' && linkDied.has(recording.reason)) {
      if ((await deps.recordingsWriter.retryNow(id, deps.clock())) === 'accepted') made++;
    }
  }
  return made;
}

async function drop(id: string, storage: Pick<Drafts, 'openDraft'>): Promise<void> {
  try {
    await (await storage.openDraft(id)).abandon();
  } catch (error) {
    // An attempt of ours has just begun, or ended: it knows better.
    if (!(error instanceof StorageError && error.code === 'draft-busy')) throw error;
  }
}
