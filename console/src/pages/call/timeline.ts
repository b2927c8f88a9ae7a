import type { AuditRecord } from '../../../../src/contract/audit.ts';
import type { CallDetail, CallHistory } from '../../../../src/contract/calls.ts';
import type { Delivery } from '../../../../src/contract/deliveries.ts';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';

type Actor = Pick<AuditRecord['actor'], 'kind' | 'name'>;

/** One thing that happened, to be told in a sentence of its own. `atMs`: when. */
export type Happening = { readonly atMs: number } & (
  | { readonly kind: 'began' | 'ended' }
  | { readonly kind: 'received'; readonly type: string; readonly source: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'archived'; readonly bytes: number; readonly seconds: number | undefined }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'next' | 'deadline' }
  | { readonly kind: 'cut' | 'delivered' | 'dead'; readonly delivery: Delivery }
  | {
      readonly kind: 'done';
      readonly action: string;
      readonly actor: Actor;
      readonly seconds?: number;
    }
);

export interface Known {
  readonly call: CallDetail;
  readonly recordings: readonly RecordingDetail[];
  /** Those that hold messages of the call. */
  readonly deliveries: readonly Delivery[];
  readonly history: CallHistory['items'];
}

/** Everything that happened to a call and that is still to come, in order. */
export function tellTimeline({ call, recordings, deliveries, history }: Known): Happening[] {
  return [
    ...(call.startAt === undefined ? [] : [{ atMs: Date.parse(call.startAt), kind: 'began' } as const]),
    ...(call.endAt === undefined ? [] : [{ atMs: Date.parse(call.endAt), kind: 'ended' } as const]),
    ...call.messages
      .filter(({ type }) => !type.startsWith('recording.'))
      .map(({ receivedAt, type, source }): Happening => ({
        atMs: Date.parse(receivedAt),
        kind: 'received',
        type,
        source,
      })),
    ...recordings.flatMap(tellRecording),
    ...deliveries.flatMap(tellDelivery),
    ...tellHistory(history),
  ].sort((one, other) => one.atMs - other.atMs);
}

function tellRecording(recording: RecordingDetail): Happening[] {
  const { state, asset, attemptLog, reason = '', deadlineAt, nextAttemptAt } = recording;
  const happened: Happening[] = attemptLog
    .filter(({ outcome }) => outcome !== 'ok')
    .map((attempt) => ({ atMs: Date.parse(attempt.at), kind: 'failed', reason: attempt.reason }));
  const lastMs = happened.at(-1)?.atMs;
  if (asset) {
    const { archivedAt, bytes, seconds } = asset;
    happened.push({ atMs: Date.parse(archivedAt), kind: 'archived', bytes, seconds });
  }
  // The audit history has the time of a deletion and who did it.
  if (state === 'lost')
    happened.push({
      // The last attempt decided it, or else nobody but the clock.
      atMs: reason === 'deadline-passed' ? Date.parse(deadlineAt) : (lastMs ?? Date.parse(deadlineAt)),
      kind: 'lost',
      reason,
    });
  if (state === 'blocked' && lastMs !== undefined) happened.push({ atMs: lastMs, kind: 'blocked', reason });
  if (state === 'pending') {
    if (nextAttemptAt !== undefined) happened.push({ atMs: Date.parse(nextAttemptAt), kind: 'next' });
    happened.push({ atMs: Date.parse(deadlineAt), kind: 'deadline' });
  }
  return happened;
}

function tellDelivery(delivery: Delivery): Happening[] {
  const { state, createdAt, deliveredAt } = delivery;
  const cutMs = Date.parse(createdAt);
  if (state === 'delivered')
    return [{ atMs: Date.parse(deliveredAt ?? createdAt), kind: 'delivered', delivery }];
  return [{ atMs: cutMs, kind: state === 'dead' ? 'dead' : 'cut', delivery }];
}

/** Looks of one person within this are told as one. */
const togetherMs = 30 * 60_000;

/** `items`: newest first. */
function tellHistory(items: CallHistory['items']): Happening[] {
  const told: (Happening & { kind: 'done' })[] = [];
  for (const { at, action, actor: name, actorKind: kind, seconds } of [...items].reverse()) {
    const atMs = Date.parse(at);
    const before = told.findLast(
      ({ action: did, actor }) => did === action && actor.kind === kind && actor.name === name,
    );
    if (before && atMs - before.atMs < togetherMs && seconds === undefined) continue;
    const actor = { kind, name };
    told.push({ atMs, kind: 'done', action, actor, ...(seconds === undefined ? {} : { seconds }) });
  }
  return told;
}
