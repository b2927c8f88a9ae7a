import type { DeliveryReason, NewDelivery } from '../domain/delivery.js';
import type { DeliveriesReader, ReplayStep } from '../store/deliveries.js';
import type { Entry } from '../store/journal.js';
import type { Replay, ReplaySelection, ReplaysReader } from '../store/replays.js';
import type { JournalWindow } from './journal-window.js';
import { isStillHeld, storyOfRecord } from './recording-story.js';
import { wants, type ReadHistory, type Wishes } from './select-messages.js';

export interface ReplayRule {
  readonly wishes: Wishes;
  readonly batchSize: number;
  readonly maxBatches: number;
  /** Entries to be looked at, at most. */
  readonly entries: number;
}

export interface ReplayFeedDeps {
  readonly window: JournalWindow;
  readonly replays: Pick<ReplaysReader, 'deadDeliveries'>;
  readonly deliveries: Pick<DeliveriesReader, 'covered'>;
  readonly newWebhookId: () => string;
}

export type ReplayCut = Pick<ReplayStep, 'position' | 'batches' | 'repeats' | 'isDone'>;

/** The next deliveries of a replay: few at a time, as the endpoint takes them. */
export async function planReplay(replay: Replay, rule: ReplayRule, deps: ReplayFeedDeps): Promise<ReplayCut> {
  const { selection } = replay;
  return selection.kind === 'dead'
    ? planDead(replay, selection.reason, rule, deps)
    : planWindow(replay, selection.missed, rule, deps);
}

async function planDead(
  { endpointId, position, end }: Replay,
  reason: DeliveryReason | undefined,
  { maxBatches }: ReplayRule,
  { replays, newWebhookId }: ReplayFeedDeps,
): Promise<ReplayCut> {
  const dead = await replays.deadDeliveries(endpointId, position, end, maxBatches, reason);
  const last = dead.at(-1);
  return {
    position: last && dead.length === maxBatches ? toNumber(last.id) : end,
    batches: dead.map(({ seqs }) => ({ webhookId: newWebhookId(), seqs })),
    repeats: dead.map(({ id }) => id),
    isDone: dead.length < maxBatches,
  };
}

/** A replay of dead deliveries counts by their numbers: `d12` is 12. */
function toNumber(deliveryId: string): number {
  return Number(deliveryId.slice(1));
}

async function planWindow(
  { endpointId, position: from, end }: Replay,
  missed: boolean,
  { wishes, batchSize, maxBatches, entries }: ReplayRule,
  deps: ReplayFeedDeps,
): Promise<ReplayCut> {
  const stretch = { endpointId, missed, from, end, enough: maxBatches * batchSize, entries };
  const { seqs, lookedTo } = await collect(stretch, wishes, deps);
  const batches: NewDelivery[] = [];
  for (let at = 0; at < seqs.length; at += batchSize) {
    batches.push({ webhookId: deps.newWebhookId(), seqs: seqs.slice(at, at + batchSize) });
  }
  return { position: lookedTo, batches, repeats: [], isDone: lookedTo >= end };
}

interface Stretch {
  readonly endpointId: string;
  /** Only what is in no pending or delivered delivery of the endpoint. */
  readonly missed: boolean;
  readonly from: number;
  /** Not beyond the journal's end. */
  readonly end: number;
  /** Messages, and entries to be looked at, at most. */
  readonly enough: number;
  readonly entries: number;
}

/** The messages of a stretch of the journal that a replay sends, and up to where it was looked at. */
async function collect(
  { endpointId, missed, from, end, enough, entries }: Stretch,
  wishes: Wishes,
  { window, deliveries }: Pick<ReplayFeedDeps, 'window' | 'deliveries'>,
): Promise<{ seqs: number[]; lookedTo: number }> {
  const seqs: number[] = [];
  const lookTo = Math.min(end, from + entries);
  let lookedTo = from;
  while (lookedTo < lookTo && seqs.length < enough) {
    const { entries: read, readTo } = await window.read(lookedTo, end);
    const inside = read.filter(({ seq }) => seq <= end);
    const wanted = await filterReplayed(inside, wishes, (callId) => window.history(callId));
    const candidates = wanted.map(({ seq }) => seq);
    const covered = new Set(missed ? await deliveries.covered(endpointId, candidates) : []);
    seqs.push(...candidates.filter((seq) => !covered.has(seq)));
    lookedTo = Math.min(readTo, end);
  }
  if (seqs.length <= enough) return { seqs, lookedTo };
  const taken = seqs.slice(0, enough);
  return { seqs: taken, lookedTo: taken.at(-1) ?? lookedTo };
}

/** What the endpoint wants of these, but for records that wait for their recording: they are sent by themselves. */
async function filterReplayed(
  entries: readonly Entry[],
  wishes: Wishes,
  readHistory: ReadHistory,
): Promise<Entry[]> {
  const wanted = entries.filter((entry) => wants(entry, wishes));
  if (wishes.when === 'received') return wanted;
  const sent: Entry[] = [];
  for (const entry of wanted) {
    const isRecord = entry.type === 'AlicomAgentCallRecord';
    const story = isRecord ? storyOfRecord((await readHistory(entry.callId)).stories, entry.seq) : undefined;
    if (!story || !isStillHeld(story, entry.seq)) sent.push(entry);
  }
  return sent;
}

/** How many messages a replay of a window would send now; looks at `entries` at a time. */
export async function countReplay(
  endpointId: string,
  { afterSeq, untilSeq, missed }: Extract<ReplaySelection, { kind: 'window' }>,
  wishes: Wishes,
  entries: number,
  deps: Pick<ReplayFeedDeps, 'window' | 'deliveries'>,
): Promise<{ messages: number }> {
  let messages = 0;
  for (let position = afterSeq; position < untilSeq;) {
    const stretch = { endpointId, missed, from: position, end: untilSeq, enough: entries, entries };
    const { seqs, lookedTo } = await collect(stretch, wishes, deps);
    messages += seqs.length;
    position = lookedTo;
  }
  return { messages };
}
