import type { Clock } from '../domain/clock.js';
import type { InboxWriter } from '../store/inbox.js';

/** Whether a push could be stored now; `reason` is one sentence for a person. */
export interface Readiness {
  readonly ready: boolean;
  readonly reason?: string;
  /** It would be stored in the local inbox. */
  readonly isSpooling?: boolean;
  /** Recordings wait for space; pushes are taken. */
  readonly isStorageFull?: boolean;
  /** The clocks of this machine and of the database are apart; pushes are taken. */
  readonly isClockOff?: boolean;
}

/** Deadlines and links are instants of our own clock, leases of the database's: apart by more, a page shows nonsense. */
export const mostClockMs = 2_000;
/** A push that was refused so lately stands for the next one too: a probe is small and may still fit on a full disk. */
const failureCountsForMs = 2_000;
/** However often it is asked, the inbox is probed no more than this often. */
const probeEveryMs = 500;
/** What takes longer than a push may take is no readiness. */
const probeWithinMs = 650;

/** Whether a push could be stored now: asks the inbox itself, so that it mends itself when the cause is gone. */
export function createReadiness(
  inbox: Pick<InboxWriter, 'probe'>,
  commit: { readonly lastFailureAt: number | undefined; readonly lastFullAt: number | undefined },
  room: { readonly lastFullAt: number | undefined },
  clock: Clock,
): () => Promise<Readiness> {
  let probed: { at: number; answer: Promise<Readiness> } | undefined;
  return () => {
    const now = clock();
    if (!probed || now - probed.at >= probeEveryMs) probed = { at: now, answer: probe(inbox) };
    const isRecent = (at: number | undefined): boolean => at !== undefined && now - at < failureCountsForMs;
    if (isRecent(commit.lastFailureAt)) return Promise.resolve(unready('The last push could not be stored.'));
    if (isRecent(commit.lastFullAt) || isRecent(room.lastFullAt)) {
      return Promise.resolve(unready('Pushes were refused because too many are arriving or waiting.'));
    }
    return probed.answer;
  };
}

function unready(reason: string): Readiness {
  return { ready: false, reason };
}

async function probe(inbox: Pick<InboxWriter, 'probe'>): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ready: false, reason: `The inbox did not answer within ${probeWithinMs} ms.` });
    }, probeWithinMs);
  });
  const asked = inbox.probe().then(
    () => ({ ready: true }),
    (error: unknown) => ({
      ready: false,
      reason: `The inbox cannot be written: ${(error as Error).message}.`,
    }),
  );
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer;
}
