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

/** Turns a push into messages, all of it at once. See `sortInPieces`. */
export function sortPush(push: StoredPush): SortedPush {
  const [whole] = sortInPieces(push, Infinity);
  return whole ?? { messages: [], quarantined: [] };
}

/**
 * Turns a push into messages, `maxElements` of its elements at a time: one of 64 MiB may hold 3 × 10^7. An
 * element that is no message goes to quarantine by itself, its neighbours proceed; a body that is not JSON
 * goes there whole, as it came. An empty body holds nothing.
 */
export function* sortInPieces(push: StoredPush, maxElements: number): Generator<SortedPush> {
  if (push.body.byteLength === 0) return;
  const split = splitPush(push.body);
  if ('unreadable' in split) {
    yield quarantineWhole(push, split.unreadable);
    return;
  }
  const { elements } = split;
  // Whether the whole body is JSON must be known before its first piece goes: worth a second reading of a long one.
  if (elements.length > maxElements && !elements.every(isJson)) {
    yield quarantineWhole(push, 'not-json');
    return;
  }
  for (let start = 0; start < elements.length; start += maxElements) {
    yield sortElements(push, elements.slice(start, start + maxElements), start);
  }
}

function sortElements(push: StoredPush, elements: readonly string[], firstIndex: number): SortedPush {
  const messages: NewMessage[] = [];
  const quarantined: NewQuarantineItem[] = [];
  for (const [index, text] of elements.entries()) {
    const element = readElement(text, push.pathType);
    if (element.kind === 'message') messages.push(toMessage(element, text, push));
    else if (element.reason === 'not-json') return quarantineWhole(push, 'not-json');
    else {
      quarantined.push({
        ...origin(push, firstIndex + index),
        reason: element.reason,
        body: Buffer.from(text),
      });
    }
  }
  return { messages, quarantined };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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
