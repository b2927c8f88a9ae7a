import { ReplayRequest } from '../contract/replays.js';
import { deliveryReasons, type DeliveryReason } from '../domain/delivery.js';
import { AppError } from '../domain/errors.js';
import type { JournalReader } from '../store/journal.js';
import type { ReplaySelection } from '../store/replays.js';
import { parseInstant } from './json-values.js';
import { checkShape } from './request-body.js';

/**
 * What a replay's body asks for: all dead deliveries where it names nothing, those that died of one reason, or one
 * window. A window ends at the endpoint's cursor at the latest: what lies beyond has not been sent yet and will be
 * without a replay. Throws `replay-invalid`, or `parameter-invalid` for a time that cannot be read.
 */
export async function readReplayRequest(
  body: Readonly<Record<string, unknown>>,
  cursor: number,
  journal: Pick<JournalReader, 'seqAt'>,
): Promise<{ selection: ReplaySelection; isPreview: boolean }> {
  const request = checkShape(ReplayRequest, body, 'replay-invalid');
  const { from, to, afterSeq, untilSeq, dead, missed = false, preview: isPreview = false } = request;
  const reason = request.reason === undefined ? undefined : toReason(request.reason);
  const byTime = from !== undefined || to !== undefined;
  const bySeq = afterSeq !== undefined || untilSeq !== undefined;
  if (byTime && bySeq) throw refuse('A window is given by time or by seq, not by both.');
  if (!byTime && !bySeq && !missed) {
    if (dead === false) throw refuse('`dead` is false and no window is given: nothing is left to send.');
    return { selection: { kind: 'dead', ...(reason && { reason }) }, isPreview };
  }
  if (dead === true) throw refuse('Dead deliveries and a window are two replays: ask for one of them.');
  if (reason)
    throw refuse('`reason` chooses among dead deliveries: it goes with no window and not with `missed`.');
  const bounds = byTime
    ? await toSeqs(from, to, journal)
    : { afterSeq: afterSeq ?? 0, untilSeq: untilSeq ?? cursor };
  if (!byTime && untilSeq !== undefined && untilSeq <= bounds.afterSeq) {
    throw refuse('`afterSeq` must be less than `untilSeq`.');
  }
  const end = Math.max(bounds.afterSeq, Math.min(bounds.untilSeq, cursor));
  return { selection: { kind: 'window', afterSeq: bounds.afterSeq, untilSeq: end, missed }, isPreview };
}

function toReason(word: string): DeliveryReason {
  const reason = deliveryReasons.find((each) => each === word);
  if (!reason) throw refuse(`\`reason\` must be one of ${deliveryReasons.join(', ')}.`);
  return reason;
}

async function toSeqs(
  from: string | undefined,
  to: string | undefined,
  journal: Pick<JournalReader, 'seqAt'>,
): Promise<{ afterSeq: number; untilSeq: number }> {
  const fromAt = from === undefined ? undefined : parseInstant('from', from);
  const toAt = to === undefined ? undefined : parseInstant('to', to);
  if (fromAt !== undefined && toAt !== undefined && fromAt >= toAt)
    throw refuse('`from` must be before `to`.');
  const [first, end] = await Promise.all([
    fromAt === undefined ? 1 : journal.seqAt(fromAt),
    toAt === undefined ? Infinity : journal.seqAt(toAt),
  ]);
  return { afterSeq: first - 1, untilSeq: end - 1 };
}

function refuse(sentence: string): AppError {
  return new AppError('replay-invalid', sentence);
}
