import type { NewDelivery } from '../domain/delivery.js';
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
    ? planDead(replay, rule, deps)
    : planWindow(replay, selection.missed, rule, deps);
}

async function planDead(
  { endpointId, position, end }: Replay,
  { maxBatches }: ReplayRule,
  { replays, newWebhookId }: ReplayFeedDeps,
): Promise<ReplayCut> {
  const dead = await replays.deadDeliveries(endpointId, position, end, maxBatches);
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
  { window, deliveries, newWebhookId }: ReplayFeedDeps,
): Promise<ReplayCut> {
  const seqs: number[] = [];
  const enough = maxBatches * batchSize;
  const lookTo = Math.min(end, from + entries);
  let position = from;
  while (position < lookTo && seqs.length < enough) {
    const { entries: read, readTo } = await window.read(position, end);
    const wanted = await filterReplayed(
      read.filter(({ seq }) => seq <= end),
      wishes,
      (callId) => window.history(callId),
    );
    const candidates = wanted.map(({ seq }) => seq);
    const covered = new Set(missed ? await deliveries.covered(endpointId, candidates) : []);
    seqs.push(...candidates.filter((seq) => !covered.has(seq)));
    position = Math.min(readTo, end);
  }
  const taken = seqs.slice(0, enough);
  if (seqs.length > enough) position = taken.at(-1) ?? position;
  const batches: NewDelivery[] = [];
  for (let at = 0; at < taken.length; at += batchSize) {
    batches.push({ webhookId: newWebhookId(), seqs: taken.slice(at, at + batchSize) });
  }
  return { position, batches, repeats: [], isDone: position >= end };
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

/** How many messages a replay of a window would send now. */
export async function countReplay(
  endpointId: string,
  { afterSeq, untilSeq, missed }: Extract<ReplaySelection, { kind: 'window' }>,
  wishes: Wishes,
  deps: Pick<ReplayFeedDeps, 'window' | 'deliveries'>,
): Promise<{ messages: number }> {
  const rule: ReplayRule = { wishes, batchSize: 1_000, maxBatches: 1, entries: 1_000 };
  const selection = { kind: 'window', afterSeq, untilSeq, missed } as const;
  const replays = { deadDeliveries: () => Promise.resolve([]) };
  let messages = 0;
  for (let position = afterSeq; position < untilSeq;) {
    const replay = { ...notStarted, endpointId, selection, position, end: untilSeq };
    const cut = await planReplay(replay, rule, { ...deps, replays, newWebhookId: () => '' });
    for (const { seqs } of cut.batches) messages += seqs.length;
    position = cut.position;
  }
  return { messages };
}

/** What of a replay nobody looks at while it is only counted. */
const notStarted = { id: '', state: 'running', deliveries: 0, messages: 0, createdAt: 0 } as const;
