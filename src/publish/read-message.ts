import { digestOf } from '../domain/identity.js';
import { canonicalJson } from '../protocol/canonical-json.js';
import type { MessageType } from '../protocol/message.js';
import { readElement, type JsonObject, type UnreadableReason } from '../protocol/push-body.js';
import type { NewMessage } from '../store/journal.js';

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
