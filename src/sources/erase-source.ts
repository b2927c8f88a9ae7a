import { setTimeout as wait } from 'node:timers/promises';
import { type AssetNaming, toAssetFileName, toSafeId } from '../domain/asset-file-name.js';
import type { Clock } from '../domain/clock.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { Entry } from '../store/journal.js';
import type { InboxReader } from '../store/inbox.js';
import type { Store } from '../store/store.js';
import { audioContainers, unrecognised } from '../audio/audio-description.js';

export interface ErasingParts {
  readonly store: Pick<
    Store,
    | 'calls'
    | 'inbox'
    | 'journal'
    | 'journalWriter'
    | 'recordings'
    | 'recordingsWriter'
    | 'sourceErasure'
    | 'waveforms'
  > & { readonly inboxReader: Pick<InboxReader, 'backlog'> };
  readonly assets: Pick<AssetStorage, 'remove' | 'openDraft'>;
  /** IANA zone in which a day folder begins. */
  readonly timeZone: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Entries, items and pushes that one step looks at: a few milliseconds of a writer that others wait for. */
const stretch = 500;
const againMs = 200;
/** The analyser looks at each recording once, deleted ones quickly; where none runs there is nothing to wait for. */
const analyserMs = 15_000;

/**
 * Takes out everything that came from a source: audio first, so that no call ever names audio that is gone, then
 * calls with all that hangs on them, then what waits in quarantine, the kept pushes and the counts. Nothing must come
 * from the source any more. In small steps; interrupted, it is begun again and finds what is left.
 */
export async function eraseSource(source: string, parts: ErasingParts): Promise<void> {
  const { store, clock, signal } = parts;
  await untilProjected(parts);
  await eachCall(source, parts, (callId) => removeAudio(callId, source, parts));
  for (let busy = true; busy && !signal.aborted;) {
    busy = false;
    await store.journalWriter.noteErasure(source, clock());
    // What consumers made of a call that goes must be written before it goes.
    await untilProjected(parts);
    await untilAnalysed(parts);
    await eachCall(source, parts, async (callId) => {
      if ((await store.sourceErasure.eraseCall(callId, source, clock())) === 'busy') busy = true;
    });
    if (busy) await wait(againMs);
  }
  await inStretches(signal, (after) => store.sourceErasure.eraseQuarantined(source, after, stretch));
  const { sorter: sortedUpTo } = await store.journal.cursors();
  await inStretches(signal, (after) => store.inbox.discardOf({ source, after, sortedUpTo, limit: stretch }));
  await store.sourceErasure.eraseCounts(source);
}

async function eachCall(
  source: string,
  { store, signal }: ErasingParts,
  work: (callId: string) => Promise<void>,
): Promise<void> {
  await inStretches(signal, async (after) => {
    const { callIds, next } = await store.sourceErasure.find(source, after, stretch);
    for (const callId of callIds) if (!signal.aborted) await work(callId);
    return next;
  });
}

async function inStretches(
  signal: AbortSignal,
  step: (after: number) => Promise<number | undefined>,
): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined && !signal.aborted;) after = await step(after);
}

/** Only of a call that came from no other source. */
async function removeAudio(callId: string, source: string, parts: ErasingParts): Promise<void> {
  const { store, assets, signal } = parts;
  const entries = await store.journal.ofCall(callId, true);
  if (entries.some((entry) => !isEvent(entry) && entry.source !== source)) return;
  const { items } = await store.recordings.list({ callId, limit: stretch });
  for (const { id } of items) {
    while (!signal.aborted && !(await isRemoved(id, parts))) await wait(againMs);
    await (await assets.openDraft(toSafeId(id))).abandon();
  }
  // The journal remembers a file that an interrupted removal has left.
  for (const fileName of fileNamesIn(entries)) await assets.remove(fileName);
  const call = await store.calls.get(callId);
  if (!call) return;
  const { startAt, firstReceivedAt } = call;
  for (const { id } of items.filter(({ asset }) => !asset)) {
    const naming = { recordingId: id, callId, firstReceivedAt, timeZone: parts.timeZone };
    const names = possibleFileNames({
      ...naming,
      ...(startAt === undefined ? {} : { callStartAt: startAt }),
    });
    for (const fileName of names) await assets.remove(fileName);
  }
}

async function isRemoved(id: string, { store, assets, clock }: ErasingParts): Promise<boolean> {
  const answer = await store.recordingsWriter.remove(id, clock());
  if (answer.kind === 'running') return false;
  if (answer.kind === 'removed' && answer.fileName !== undefined) await assets.remove(answer.fileName);
  return true;
}

function fileNamesIn(entries: readonly Entry[]): string[] {
  return entries
    .filter(({ type }) => type === 'recording.archived')
    .map(({ text }) => (JSON.parse(text) as { readonly fileName: string }).fileName);
}

function isEvent({ type }: Entry): boolean {
  return type.startsWith('recording.');
}

/** Every push that is here now is sorted, and every entry folded. */
async function untilProjected({ store, signal }: ErasingParts): Promise<void> {
  const { journal, inboxReader } = store;
  let lastSeq: number | undefined;
  await until(signal, async () => {
    const { sorter, projector } = await journal.cursors();
    if (lastSeq === undefined) {
      if ((await inboxReader.backlog(sorter)).pending > 0) return false;
      lastSeq = await journal.lastSeq();
    }
    return projector >= lastSeq;
  });
}

async function untilAnalysed({ store, clock, signal }: ErasingParts): Promise<void> {
  const lastSeq = await store.journal.lastSeq();
  const giveUpAt = clock() + analyserMs;
  await until(signal, async () => (await store.waveforms.cursor()) >= lastSeq || clock() >= giveUpAt);
}

async function until(signal: AbortSignal, ask: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted && !(await ask())) await wait(againMs);
}

/**
 * Every name that the audio of a recording may lie under although nothing names it. A crash between the commit and
 * its note leaves it there; the next attempt replaces it, but where none is made it would stay for ever.
 */
export function possibleFileNames(naming: Omit<AssetNaming, 'container'>): string[] {
  const { callStartAt: _unknownThen, ...early } = naming;
  return [...audioContainers, unrecognised].flatMap((container) => [
    toAssetFileName({ ...naming, container }),
    toAssetFileName({ ...early, container }),
  ]);
}
