import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { memberText, splitArray, trimSpace } from './json-text.js';
import { tellMessageType, type MessageType } from './message.js';

/** Most that a gzip body may unpack to: the bound of an unpacked push. 64 MiB. */
export const maxUnpackedBytes = 64 * 1024 * 1024;

/** Why a body or an element is no message; stable words (docs/errors.md). */
export const unreadableReasons = [
  'gzip-unreadable',
  'not-utf-8',
  'not-json',
  'not-an-object',
  'no-call-id',
  'unknown-type',
] as const;
export type UnreadableReason = (typeof unreadableReasons)[number];

/**
 * The JSON texts of a push's elements: "the request body is a JSON array"; a bare value counts as an array
 * of one, a UTF-8 byte order mark is passed over, gzip is told by its first bytes, whatever the header said.
 * The elements themselves are not parsed here.
 */
export function splitPush(body: Uint8Array): { elements: string[] } | { unreadable: UnreadableReason } {
  const unpacked = isGzip(body) ? unpack(body) : body;
  if (!unpacked) return { unreadable: 'gzip-unreadable' };
  if (!isUtf8(unpacked)) return { unreadable: 'not-utf-8' };
  const start = unpacked[0] === 0xef && unpacked[1] === 0xbb && unpacked[2] === 0xbf ? 3 : 0;
  const text = trimSpace(
    Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength).toString('utf8', start),
  );
  if (!text.startsWith('[')) return { elements: [text] };
  const elements = splitArray(text);
  return elements ? { elements } : { unreadable: 'not-json' };
}

/** Whether the first bytes are gzip's. */
export function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** The body without gzip; undefined where it is broken or larger than `maxUnpackedBytes`. */
export function unpack(body: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: maxUnpackedBytes });
  } catch {
    // Broken, or larger than the bound: either way it cannot be read.
    return undefined;
  }
}

/** An element read as far as sorting needs it. `value` is the parsed element. */
export type ReadElement =
  | {
      readonly kind: 'message';
      readonly type: MessageType;
      readonly callId: string;
      readonly value: JsonObject;
    }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason };

export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads one element: an object with a `callId`, whose type the path or the fields tell. The path wins. */
export function readElement(text: string, pathType?: MessageType): ReadElement {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', reason: 'not-json' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'unreadable', reason: 'not-an-object' };
  }
  const object = value as JsonObject;
  const callId = readId(text, object, 'callId');
  if (callId === undefined) return { kind: 'unreadable', reason: 'no-call-id' };
  const type = pathType ?? tellMessageType(object);
  if (type === undefined) return { kind: 'unreadable', reason: 'unknown-type' };
  return { kind: 'message', type, callId, value: object };
}

/** An id is a string; one that came as a number is the string of its digits, all of them. "" and null are none. */
export function readId(text: string, object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return memberText(text, name);
  return undefined;
}
