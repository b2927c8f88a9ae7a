import { isUtf8 } from 'node:buffer';
import { setTimeout as wait } from 'node:timers/promises';
import { toAssetFileName } from '../domain/asset-file-name.js';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import { findRecordingFlags } from '../domain/flags.js';
import type { Asset } from '../domain/recording.js';
import { readCallMessage } from '../protocol/call-message.js';
import { trimSpace, memberText, replaceMember } from '../protocol/json-text.js';
import type { VendorTime } from '../protocol/vendor-time.js';
import type { AssetDraft, AssetStorage } from '../storage/asset-storage.js';
import type { AppendResult, JournalReader } from '../store/journal.js';
import { type Publishing, recordFilePlaceholder } from '../store/publishing.js';
import type { RecordingsReader } from '../store/recordings.js';
import { readMessage, toNewMessage, toSentence, type ReadMessage } from './publish-messages.js';
import { createHash } from 'node:crypto';
import type { AudioDescription } from '../audio/audio-description.js';
import { describeAudio, sniffAudio } from '../audio/describe-audio.js';
import { readDocument } from '../audio/document.js';

/** One part of an upload, in the order of arrival; the next comes once this one has been read. */
interface UploadPart {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface PublishRecordingDeps {
  readonly publishing: Pick<Publishing, 'publishRecording'>;
  readonly recordings: Pick<RecordingsReader, 'get'>;
  readonly journal: Pick<JournalReader, 'cursors'>;
  readonly assets: Pick<AssetStorage, 'openDraft' | 'remove'>;
  readonly toInstant: VendorTime;
  readonly timeZone: string;
  readonly maxBytes: number;
  /** A name for a draft that no other has, ever. */
  readonly newDraftId: () => string;
  readonly clock: Clock;
  /** There is more in the journal, and in storage. */
  readonly onPublished: (result: AppendResult, bytes: number) => void;
}

interface PublishedRecording {
  readonly seq: number;
  readonly callId: string;
  readonly recordingId: string;
  readonly isNew: boolean;
}

/** A message of the vendor's has some 350 bytes; whatever somebody adds to one fits as well. */
const maxMessageBytes = 1024 * 1024;

/**
 * Publishes a recording: a call record and its audio, in either order. The audio is durable before the journal
 * tells of it, so a crash leaves a file that nobody speaks of at worst, never a recording without one; published
 * again, it is the same file. The same record with the same audio is a duplicate.
 * @throws AppError `body-invalid`, `message-invalid`, `body-too-large`, `not-audio` or `recording-deleted`; nothing
 * is left of the upload then, nor where it breaks off.
 */
export async function publishRecording(
  parts: AsyncIterable<UploadPart>,
  deps: PublishRecordingDeps,
): Promise<PublishedRecording> {
  let message: ReadMessage | undefined;
  let draft: AssetDraft | undefined;
  let audio: ArrivedAudio | undefined;
  try {
    for await (const { name, bytes } of parts) {
      if (name === 'message' && !message) message = readRecord(await collect(bytes));
      else if (name === 'audio' && !draft) {
        draft = await deps.assets.openDraft(deps.newDraftId());
        audio = await receiveAudio(bytes, draft, deps);
      } else throw new AppError('body-invalid', 'Send two parts: one `message` and one `audio`.');
    }
    if (!message || !draft || !audio) {
      throw new AppError('body-invalid', `The part \`${message ? 'audio' : 'message'}\` is missing.`);
    }
    return await publish(message, draft, audio, deps);
  } finally {
    // Of a draft that was committed nothing is left to abandon.
    await draft?.abandon();
  }
}

async function publish(
  message: ReadMessage,
  draft: AssetDraft,
  { bytes, sha256, description }: ArrivedAudio,
  deps: PublishRecordingDeps,
): Promise<PublishedRecording> {
  const now = deps.clock();
  const { type, callId, value, text } = message;
  const { digest } = toNewMessage(toIdentified(message, sha256), now);
  const told = readCallMessage(type, text, value, deps.toInstant);
  const fileName = toAssetFileName({
    // Its id will be its seq, which the journal gives out later. By the identity the same upload has the same name.
    recordingId: Buffer.from(digest).toString('hex'),
    callId,
    ...(told.startAt === undefined ? {} : { callStartAt: told.startAt }),
    firstReceivedAt: now,
    container: description.container,
    timeZone: deps.timeZone,
  });
  await draft.commit(fileName, { sha256 });
  // Should this fail, the file stays: the recording may be in the journal all the same, now or since an earlier upload.
  const asset: Asset = { bytes, sha256, ...description, archivedAt: now, fileName };
  const { seq, isNew, recordingId } = await deps.publishing.publishRecording({
    message: { ...toNewMessage(toPublishable(message), now), digest },
    asset,
    flags: findRecordingFlags(description, told.durationSeconds),
  });
  deps.onPublished({ appended: isNew ? 1 : 0, duplicates: isNew ? 0 : 1, quarantined: 0 }, isNew ? bytes : 0);
  await untilProjected(seq + 1, deps.journal);
  if (!isNew) await removeSurplus(recordingId, fileName, deps);
  return { seq, callId, recordingId, isNew };
}

/** An upload that was one too many leaves no second file, and brings back nothing that was deleted. */
async function removeSurplus(
  recordingId: string,
  fileName: string,
  { recordings, assets }: Pick<PublishRecordingDeps, 'recordings' | 'assets'>,
): Promise<void> {
  const recording = await recordings.get(recordingId);
  if (!recording || recording.asset?.fileName === fileName) return;
  if (recording.asset || recording.state === 'deleted') await assets.remove(fileName);
  if (recording.state === 'deleted') {
    throw new AppError('recording-deleted', 'This recording was published before, and deleted.');
  }
}

const projectionPatienceMs = 2_000;
const lookEveryMs = 20;

/** Whoever reads its answer may ask for the recording at once. A projector that is far behind is not waited for. */
async function untilProjected(seq: number, journal: Pick<JournalReader, 'cursors'>): Promise<void> {
  for (let waitedMs = 0; waitedMs < projectionPatienceMs; waitedMs += lookEveryMs) {
    const { projector } = await journal.cursors();
    if (projector >= seq) return;
    await wait(lookEveryMs);
  }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxMessageBytes) {
      throw new AppError('body-too-large', `The message has more than ${maxMessageBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The call record that the part holds; its type needs no telling, so it may come without a `recordFile`. */
function readRecord(bytes: Buffer): ReadMessage {
  const text = trimSpace(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  const message = isUtf8(bytes) ? readMessage(text, 'AlicomAgentCallRecord') : 'not-utf-8';
  if (typeof message !== 'string') return message;
  throw new AppError(
    'message-invalid',
    `The part \`message\` ${toSentence(message)}; nothing was published.`,
  );
}

/** The record as journaled: the place of the link is kept for what refers to the recording. */
function toPublishable(message: ReadMessage): ReadMessage {
  return withRecordFile(message, recordFilePlaceholder);
}

/** The record by whose content it is identified: its audio belongs to that, a link that its sender wrote does not. */
function toIdentified(message: ReadMessage, sha256: string): ReadMessage {
  return withRecordFile(message, `sha256:${sha256}`);
}

/** With another `recordFile`, or one more; everything else byte for byte as it was. */
function withRecordFile(message: ReadMessage, recordFile: string): ReadMessage {
  const value = JSON.stringify(recordFile);
  const text =
    memberText(message.text, 'recordFile') === undefined
      ? addMember(message.text, `"recordFile":${value}`)
      : replaceMember(message.text, 'recordFile', value);
  return { ...message, text, value: { ...message.value, recordFile } };
}

/** Behind the last of at least one member: a message has a `callId`. */
function addMember(text: string, member: string): string {
  return `${text.slice(0, text.lastIndexOf('}')).trimEnd()},${member}}`;
}

/** Audio that has arrived whole and is not yet under a name of its own. */
interface ArrivedAudio {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly description: AudioDescription;
}

/** Enough for nearly every header; what lies further in is read from the draft. */
const headBytes = 64 * 1024;

/**
 * Streams audio into a draft, hashed on the way, and describes it: memory stays flat at any size. What nobody here
 * knows is taken as it is; a text, a page or a document is refused, and so is nothing at all.
 * @throws AppError `body-too-large` or `not-audio`; whatever the stream throws where it breaks off.
 */
async function receiveAudio(
  stream: AsyncIterable<Uint8Array>,
  draft: AssetDraft,
  { maxBytes }: { readonly maxBytes: number },
): Promise<ArrivedAudio> {
  const sha256 = createHash('sha256');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (bytes < headBytes) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new AppError(
        'body-too-large',
        `The audio has more than ${maxBytes} bytes (EARSHOT_MAX_RECORDING_BYTES).`,
      );
    }
    sha256.update(chunk);
    await draft.write(chunk);
  }
  const head = Buffer.concat(chunks);
  const document = sniffAudio(head) === undefined ? readDocument(head) : undefined;
  if (bytes === 0 || document) {
    const what = document ? `are ${document.detail}` : 'are none';
    throw new AppError('not-audio', `These bytes ${what}; nothing was published.`);
  }
  const readAt = (start: number, length: number): Promise<Uint8Array> => draft.readAt(start, length);
  const description = await describeAudio({ head, size: bytes, readAt });
  return { bytes, sha256: sha256.digest('hex'), description };
}
