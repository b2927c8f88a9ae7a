import { digestOf } from '../domain/identity.js';
import { canonicalJson } from '../protocol/json-text.js';
import type { MessageType } from '../protocol/message.js';
import { readElement, splitPush, type ReadElement, type UnreadableReason } from '../protocol/push-body.js';
import type { StoredPush } from '../store/inbox.js';
import type { NewMessage, NewQuarantineItem } from '../store/journal.js';

export interface SortedPush {
  readonly messages: readonly NewMessage[];
  readonly quarantined: readonly NewQuarantineItem[];
}

/** Place of a whole body in quarantine, where an item has its index. */
export const wholeBody = -1;

/**
 * Turns a push into messages. An element that is no message goes to quarantine by itself, its neighbours
 * proceed; a body that is not JSON goes there whole, as it came. An empty body holds nothing.
 */
export function sortPush(push: StoredPush): SortedPush {
  if (push.body.byteLength === 0) return { messages: [], quarantined: [] };
  const split = splitPush(push.body);
  if ('unreadable' in split) return quarantineWhole(push, split.unreadable);
  const messages: NewMessage[] = [];
  const quarantined: NewQuarantineItem[] = [];
  for (const [index, text] of split.elements.entries()) {
    const element = readElement(text, push.pathType);
    if (element.kind === 'message') messages.push(toMessage(element, text, push));
    else if (element.reason === 'not-json') return quarantineWhole(push, 'not-json');
    else quarantined.push({ ...origin(push, index), reason: element.reason, body: Buffer.from(text) });
  }
  return { messages, quarantined };
}

/** The message that an element is, with its identity. */
export function toMessage(
  { type, callId, value }: Extract<ReadElement, { kind: 'message' }>,
  text: string,
  { receivedAt, source }: { receivedAt: number; source: string },
): NewMessage {
  return { type, callId, digest: digestOf(canonicalJson(text, value)), text, receivedAt, source };
}

function quarantineWhole(push: StoredPush, reason: UnreadableReason): SortedPush {
  return { messages: [], quarantined: [{ ...origin(push, wholeBody), reason, body: push.body }] };
}

function origin({ id, receivedAt, source, pathType }: StoredPush, itemIndex: number): Origin {
  return { pushId: id, itemIndex, receivedAt, source, ...(pathType ? { pathType } : {}) };
}

interface Origin {
  readonly pushId: number;
  readonly itemIndex: number;
  readonly receivedAt: number;
  readonly source: string;
  readonly pathType?: MessageType;
}
