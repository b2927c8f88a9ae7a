import { gunzipSync } from 'node:zlib';
import { messageTypes, type MessageType } from '../../src/protocol/message.js';

/**
 * What a body holds by the rules of the interface, found out in the plainest way there is, which is not the
 * product's: the whole body is parsed, and the elements are counted.
 */
export type Holds =
  /** It does not unpack: it belongs into quarantine whole. */
  | { readonly kind: 'packed' }
  /** It is no JSON: whole into quarantine, or in pieces of which some are messages. What is no text is Latin-1 here. */
  | { readonly kind: 'broken'; readonly text: string; readonly charset: Charset }
  | { readonly kind: 'elements'; readonly text: string; readonly elements: readonly HeldElement[] };

export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

export interface HeldElement {
  /** Undefined: an item for quarantine. */
  readonly message: { readonly type: MessageType } | undefined;
}

export function whatItHolds(body: Uint8Array, pathType?: MessageType): Holds {
  const unpacked = unpack(body);
  if (!unpacked) return { kind: 'packed' };
  const { text, charset } = decode(unpacked);
  if (charset === 'latin1') return { kind: 'broken', text, charset };
  try {
    const value: unknown = JSON.parse(text);
    const elements = Array.isArray(value) ? value : [value];
    return {
      kind: 'elements',
      text,
      elements: elements.map((element) => ({ message: toMessage(element, text.length, pathType) })),
    };
  } catch {
    return { kind: 'broken', text, charset };
  }
}

function unpack(body: Uint8Array): Buffer | undefined {
  try {
    const isGzip = body[0] === 0x1f && body[1] === 0x8b;
    return isGzip ? gunzipSync(body, { maxOutputLength: 64 * 1024 * 1024 }) : Buffer.from(body);
  } catch {
    return undefined;
  }
}

/** UTF-16 where a zero stands in one of the first two bytes, UTF-8, or nothing. A byte order mark is passed over, one. */
function decode(bytes: Buffer): { text: string; charset: Charset } {
  const [first, second] = bytes;
  const names: Charset[] = ['utf-8'];
  if (bytes.length > 1 && bytes.length % 2 === 0) {
    if (second === 0 && first !== 0) names.unshift('utf-16le');
    if (first === 0 && second !== 0) names.unshift('utf-16be');
    if (first === 0xff && second === 0xfe) names.unshift('utf-16le');
    if (first === 0xfe && second === 0xff) names.unshift('utf-16be');
  }
  for (const name of names) {
    try {
      return { text: new TextDecoder(name, { fatal: true }).decode(bytes), charset: name };
    } catch {
      // It is something else.
    }
  }
  return { text: bytes.toString('latin1').replace(/^\xef\xbb\xbf/, ''), charset: 'latin1' };
}

function toMessage(
  element: unknown,
  length: number,
  pathType?: MessageType,
): { type: MessageType } | undefined {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined;
  const has = (name: string) => Object.hasOwn(element, name);
  const callId: unknown = has('callId') ? (element as { callId: unknown }).callId : undefined;
  const isId = (typeof callId === 'string' && callId !== '') || typeof callId === 'number';
  if (!isWithinBounds(element, length)) return undefined;
  const type = pathType ?? told(has);
  return isId && type ? { type } : undefined;
}

/** 200 levels, 50,000 values, ids of 4 KiB. */
function isWithinBounds(element: object, length: number): boolean {
  let waiting: unknown[] = [element];
  let parts = 0;
  for (let depth = 0; waiting.length > 0; depth++) {
    if (depth > 200) return false;
    const containers = waiting.filter((value) => typeof value === 'object' && value !== null);
    for (const container of containers) {
      const members = Object.keys(container).length;
      parts += Array.isArray(container) ? Math.max(0, members - 1) : Math.max(0, 2 * members - 1);
    }
    waiting = containers.flatMap((container) => Object.values(container) as unknown[]);
  }
  const ids = ['callId', 'taskId', 'detailId', 'batchId', 'outId'].map((name) =>
    Object.hasOwn(element, name) ? (element as Record<string, unknown>)[name] : undefined,
  );
  // How many digits a number had is not told by its value: those here have one, or a million.
  return (
    parts <= 50_000 &&
    !ids.some((id) =>
      typeof id === 'string' ? Buffer.byteLength(id) > 4_096 : id === Infinity && length > 4_096,
    )
  );
}

function told(has: (name: string) => boolean): MessageType | undefined {
  const [record, report, note] = messageTypes;
  if (has('recordFile')) return record;
  if (has('majorIntent') || has('outputTags')) return note;
  if (has('hangupDirection') || has('callee') || has('statusCode')) return report;
  const ofRecords = ['duration', 'startTime', 'endTime', 'taskId', 'detailId', 'batchId', 'outId'];
  return ofRecords.some(has) ? record : undefined;
}

/**
 * Whether these texts, in this order, are the elements of the JSON array (or the one value) `text`: nothing
 * but brackets, commas and white space of JSON is left when they are taken out.
 */
export function areElementsOf(text: string, elements: readonly string[]): boolean {
  let at = 0;
  for (const [index, element] of elements.entries()) {
    const found = text.indexOf(element, at);
    if (found === -1) return false;
    const between = index === 0 ? /^[ \t\r\n]*\[?[ \t\r\n]*$/ : /^[ \t\r\n]*,[ \t\r\n]*$/;
    if (!between.test(text.slice(at, found))) return false;
    at = found + element.length;
  }
  return elements.length === 0
    ? /^[ \t\r\n]*\[[ \t\r\n]*\][ \t\r\n]*$/.test(text)
    : /^[ \t\r\n]*\]?[ \t\r\n]*$/.test(text.slice(at));
}

/** Whether these texts, in this order, are all of `text` but brackets, commas and white space. */
export function coverAllOf(text: string, elements: readonly string[]): boolean {
  const between = /^[\ufeff [\],\t\r\n]*$/u;
  let at = 0;
  for (const element of elements) {
    const found = text.indexOf(element, at);
    if (found === -1 || !between.test(text.slice(at, found))) return false;
    at = found + element.length;
  }
  return between.test(text.slice(at));
}
