import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { MessageType } from '../protocol/message.js';
import { splitPush, readElement, type JsonObject, type UnreadableReason } from '../protocol/push-body.js';
import type { AppendResult, NewMessage } from '../store/journal.js';
import type { Publishing } from '../store/publishing.js';
import { digestOf } from '../domain/identity.js';
import { canonicalJson } from '../protocol/canonical-json.js';

/** The source of messages that were published over the API. */
const publishedSource = 'api';

export interface ReadMessage {
  readonly type: MessageType;
  readonly callId: string;
  readonly value: JsonObject;
  readonly text: string;
}

const sentences: Readonly<Record<UnreadableReason | 'reference', string>> = {
  'gzip-unreadable': 'is gzip that does not unpack',
  'coding-unreadable': 'is packed in a way that does not unpack',
  'not-utf-8': 'is not UTF-8',
  'not-json': 'is not JSON',
  'not-an-object': 'is no JSON object',
  'no-call-id': 'has no `callId`',
  'unknown-type': 'has no field that tells its type',
  'id-too-long': 'has an id of more than 4 KiB',
  'beyond-bounds': 'is larger, deeper or has more values than any message',
  'many-unreadable': 'is no message',
  reference: 'has a `recordFile` that only Earshot itself may write',
};

/** What is wrong with a body or an element, as the end of a sentence. */
export function toSentence(reason: keyof typeof sentences): string {
  return sentences[reason];
}

/**
 * Reads an element as the sorter does. A `recordFile` that looks like a reference of ours (domain/
 * published-recording.ts) is refused: there is no honest way to have one.
 */
export function readMessage(text: string, type?: MessageType): ReadMessage | keyof typeof sentences {
  const element = readElement(text, type);
  if (element.kind === 'unreadable') return element.reason;
  const { recordFile } = element.value;
  if (typeof recordFile === 'string' && recordFile.startsWith('earshot:')) return 'reference';
  return { type: element.type, callId: element.callId, value: element.value, text };
}

/** The message as journaled, with the identity that the same content has when it is received. */
export function toNewMessage({ type, callId, value, text }: ReadMessage, receivedAt: number): NewMessage {
  const digest = digestOf(canonicalJson(text, value));
  return { type, callId, digest, text, receivedAt, source: publishedSource };
}

interface PublishMessagesDeps {
  readonly publishing: Pick<Publishing, 'publish'>;
  readonly clock: Clock;
  /** There is more in the journal. */
  readonly onPublished: (result: AppendResult) => void;
}

interface PublishedMessage {
  readonly seq: number;
  readonly type: MessageType;
  readonly callId: string;
  /** False where the journal had the same message already; `seq` is that one's then. */
  readonly isNew: boolean;
}

/** Bounds of one turn and one transaction: some tens of milliseconds each, so that nobody who writes is held up. */
const maxMessages = 4_000;
const maxCharacters = 1024 * 1024;

/**
 * Journals the messages of a body in the form of a push: an array, or one bare object. One that is no message
 * refuses all of them, and nothing is journaled. A large body takes several transactions; should one of them fail,
 * the whole may be sent again: what is journaled is a duplicate then.
 * @throws AppError `body-invalid` or `message-invalid`, which names the first bad one by its index.
 */
export async function publishMessages(
  body: Uint8Array,
  { publishing, clock, onPublished }: PublishMessagesDeps,
): Promise<PublishedMessage[]> {
  const elements = splitBody(body);
  // Read twice, once to know that all of them are messages: keeping what the first reading told would take much
  // more memory than the body itself.
  for await (const batch of inBatches(elements))
    batch.forEach(({ text, index }) => readOrRefuse(text, index));
  const receivedAt = clock();
  const published: PublishedMessage[] = [];
  for await (const batch of inBatches(elements)) {
    const messages = batch.map(({ text, index }) => toNewMessage(readOrRefuse(text, index), receivedAt));
    const results = await publishing.publish(messages);
    let appended = 0;
    for (const [place, { seq, isNew }] of results.entries()) {
      const { type, callId } = messages[place]!;
      published.push({ seq, type, callId, isNew });
      if (isNew) appended++;
    }
    onPublished({ appended, duplicates: messages.length - appended, quarantined: 0 });
  }
  return published;
}

function splitBody(body: Uint8Array): string[] {
  const split = body.byteLength === 0 ? { unreadable: 'not-json' as const } : splitPush(body);
  if ('unreadable' in split) throw new AppError('body-invalid', `The body ${toSentence(split.unreadable)}.`);
  return split.elements;
}

function readOrRefuse(text: string, index: number): ReadMessage {
  const message = readMessage(text);
  if (typeof message !== 'string') return message;
  throw new AppError('message-invalid', `Message ${index} ${toSentence(message)}; nothing was published.`);
}

interface Element {
  readonly text: string;
  readonly index: number;
}

/** What is read in one turn of the event loop and written in one transaction; between them, pushes are acknowledged. */
async function* inBatches(elements: readonly string[]): AsyncGenerator<Element[]> {
  let batch: Element[] = [];
  let characters = 0;
  for (const [index, text] of elements.entries()) {
    batch.push({ text, index });
    characters += text.length;
    if (batch.length < maxMessages && characters < maxCharacters) continue;
    yield batch;
    await nextTurn();
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
