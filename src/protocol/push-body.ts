import { decodeText, halfCharacter, isUtf16 } from './charset.js';
import { unpackBody } from './content-coding.js';
import { isBeyondBounds, maxElements, maxIdBytes } from './element-bounds.js';
import { memberText, splitArray, trimSpace } from './json-text.js';
import { tellMessageType, type MessageType } from './message.js';

/** Why a body or an element is no message; stable words (docs/errors.md). */
export const unreadableReasons = [
  'gzip-unreadable',
  'coding-unreadable',
  'not-utf-8',
  'not-json',
  'not-an-object',
  'no-call-id',
  'unknown-type',
  'id-too-long',
  'beyond-bounds',
  'many-unreadable',
] as const;
export type UnreadableReason = (typeof unreadableReasons)[number];

/** What was said of a body beside it. */
export interface ToldOfBody {
  /** As `Content-Type` names it; absent where it names none, or UTF-8. */
  readonly charset?: string;
  /** The header as it came. */
  readonly contentEncoding?: string;
}

/** One element of a push that had to be recovered: its text as it came, or its bytes where they are no text. */
export type PushElement = string | Uint8Array;

/**
 * The JSON texts of a push's elements: "the request body is a JSON array"; a bare value counts as an array
 * of one, a byte order mark is passed over, what was packed is unpacked (gzip is told by its first
 * bytes, too), and text is read by the charset that was told. The elements themselves are not parsed here: where one of them is no JSON, or
 * all of it is unreadable, `recoverElements` may find the others.
 */
export function splitPush(
  body: Uint8Array,
  told: ToldOfBody = {},
): { elements: string[] } | { unreadable: UnreadableReason } {
  const unpacked = unpackBody(body, told.contentEncoding);
  if (typeof unpacked === 'string') return { unreadable: unpacked };
  const decoded = decodeText(unpacked, told.charset);
  if (decoded === undefined) return { unreadable: 'not-utf-8' };
  // No store keeps half a character as text.
  if (isUtf16(unpacked) && halfCharacter.test(decoded)) return { unreadable: 'not-utf-8' };
  const text = trimSpace(decoded);
  if (!text.startsWith('[')) return { elements: [text] };
  const elements = splitArray(text, maxElements);
  if (!elements) return { unreadable: 'not-json' };
  return elements.length > maxElements ? { unreadable: 'beyond-bounds' } : { elements };
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
export function readElement(element: PushElement, pathType?: MessageType): ReadElement {
  if (typeof element !== 'string') return { kind: 'unreadable', reason: 'not-utf-8' };
  const text = element;
  if (isBeyondBounds(text)) return { kind: 'unreadable', reason: 'beyond-bounds' };
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
  if (idNames.some((name) => isTooLong(readId(text, object, name)))) {
    return { kind: 'unreadable', reason: 'id-too-long' };
  }
  const type = pathType ?? tellMessageType(object);
  if (type === undefined) return { kind: 'unreadable', reason: 'unknown-type' };
  return { kind: 'message', type, callId, value: object };
}

const idNames = ['callId', 'taskId', 'detailId', 'batchId', 'outId'] as const;

function isTooLong(id: string | undefined): boolean {
  // No character has more than three bytes for each unit of its length.
  return id !== undefined && id.length * 3 > maxIdBytes && Buffer.byteLength(id) > maxIdBytes;
}

/** An id is a string; one that came as a number is the string of its digits, all of them. "" and null are none. */
export function readId(text: string, object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return memberText(text, name);
  return undefined;
}
