import { digestOf } from '../domain/identity.js';
import { canonicalJson } from '../protocol/canonical-json.js';
import { isBeyondBounds } from '../protocol/element-bounds.js';
import {
  readElement,
  splitPush,
  type PushElement,
  type ReadElement,
  type UnreadableReason,
} from '../protocol/push-body.js';
import { recoverElements } from '../protocol/recover-elements.js';
import type { StoredPush } from '../store/inbox.js';
import type { NewMessage, NewQuarantineItem } from '../store/journal.js';

export interface SortedPush {
  readonly messages: readonly NewMessage[];
  readonly quarantined: readonly NewQuarantineItem[];
}

/** Place of a whole body in quarantine, where an item has its index. */
export const wholeBody = -1;

/** Items of one push that have a place of their own in quarantine; more of them lie there in bundles, a piece in each. */
export const maxSingleItems = 1_000;

/** How much of a push is sorted at a time. */
export interface PieceBounds {
  readonly elements: number;
  readonly characters: number;
}

/** Turns a push into messages, all of it at once. See `sortInPieces`. */
export function sortPush(push: StoredPush): SortedPush {
  const [whole] = sortInPieces(push, { elements: Infinity, characters: Infinity });
  return whole ?? { messages: [], quarantined: [] };
}

/**
 * Turns a push into messages, a piece of it at a time: one of 64 MiB may hold 10^5. An element that is no message goes
 * to quarantine by itself, its neighbours proceed, also where it breaks the array that they stand in; a body of which
 * nothing is a message goes there whole, as it came, and so does one of more elements than any real one. An empty body
 * holds nothing.
 */
export function* sortInPieces(push: StoredPush, bounds: PieceBounds): Generator<SortedPush> {
  if (push.body.byteLength === 0) return;
  const items = new ItemsOfPush(push);
  const split = splitPush(push.body, push);
  if ('elements' in split) {
    const pieces = cutInPieces(split.elements, bounds);
    const [first] = pieces;
    // Whether all of it is JSON must be known before its first piece goes: worth a second reading of a long one.
    const only = pieces.length === 1 && first ? items.read(first) : undefined;
    if (only ? only.every(({ read }) => !isNoJson(read)) : split.elements.every(isJson)) {
      for (const piece of pieces) yield items.sort(only ?? items.read(piece));
      return;
    }
  }
  const reason = 'unreadable' in split ? split.unreadable : 'not-json';
  const isBroken = reason === 'not-json' || reason === 'not-utf-8';
  const recovered = isBroken ? recoverElements(push.body, push, push.pathType) : undefined;
  if (!recovered) yield items.whole(reason);
  else for (const piece of cutInPieces(recovered, bounds)) yield items.sort(items.read(piece));
}

interface Piece {
  readonly firstIndex: number;
  readonly elements: readonly PushElement[];
}

function cutInPieces(elements: readonly PushElement[], bounds: PieceBounds): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let characters = 0;
  for (const [index, element] of elements.entries()) {
    characters += element.length;
    const isLast = index === elements.length - 1;
    if (!isLast && index - start + 1 < bounds.elements && characters < bounds.characters) continue;
    pieces.push({ firstIndex: start, elements: elements.slice(start, index + 1) });
    start = index + 1;
    characters = 0;
  }
  return pieces;
}

interface ElementRead {
  readonly index: number;
  readonly element: PushElement;
  readonly read: ReadElement;
}

class ItemsOfPush {
  #singles = 0;

  constructor(private readonly push: StoredPush) {}

  read({ firstIndex, elements }: Piece): ElementRead[] {
    return elements.map((element, place) => ({
      index: firstIndex + place,
      element,
      read: readElement(element, this.push.pathType),
    }));
  }

  sort(piece: readonly ElementRead[]): SortedPush {
    const messages: NewMessage[] = [];
    const quarantined: NewQuarantineItem[] = [];
    const bundled: ElementRead[] = [];
    for (const one of piece) {
      const { index, element, read } = one;
      if (read.kind === 'message' && typeof element === 'string') {
        messages.push(toMessage(read, element, this.push));
      } else if (read.kind === 'unreadable' && this.#singles < maxSingleItems) {
        this.#singles++;
        quarantined.push({ ...this.#origin(index), reason: read.reason, body: toBytes(element) });
      } else bundled.push(one);
    }
    const [first] = bundled;
    if (first) {
      const parts = bundled.flatMap(({ element }, place) => [place === 0 ? '[' : ',', element]);
      const body = Buffer.concat([...parts, ']'].map(toBytes));
      quarantined.push({ ...this.#origin(first.index), reason: 'many-unreadable', body });
    }
    return { messages, quarantined };
  }

  whole(reason: UnreadableReason): SortedPush {
    return {
      messages: [],
      quarantined: [{ ...this.#origin(wholeBody), reason, body: this.push.body }],
    };
  }

  #origin(itemIndex: number): Omit<NewQuarantineItem, 'reason' | 'body'> {
    const { id, receivedAt, source, pathType } = this.push;
    return { pushId: id, itemIndex, receivedAt, source, ...(pathType ? { pathType } : {}) };
  }
}

function toBytes(element: PushElement): Uint8Array {
  return typeof element === 'string' ? Buffer.from(element) : element;
}

function isNoJson(read: ReadElement): boolean {
  return read.kind === 'unreadable' && read.reason === 'not-json';
}

function isJson(element: PushElement): boolean {
  if (typeof element !== 'string' || isBeyondBounds(element)) return true;
  try {
    JSON.parse(element);
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
