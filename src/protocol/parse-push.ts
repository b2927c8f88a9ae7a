import type { MessageFields } from './message-fields.js';
import type { MessageType } from './message.js';
import {
  readElement,
  splitPush,
  type PushElement,
  type ToldOfBody,
  type UnreadableReason,
} from './push-body.js';
import { recoverElements } from './recover-elements.js';

/** One message of a push. `type` tells the fields of `message`. */
export type PushedMessage = {
  readonly [Type in MessageType]: {
    readonly type: Type;
    /** As a string, all digits of it, also where it came as a number. */
    readonly callId: string;
    /** The message parsed by `JSON.parse`. */
    readonly message: MessageFields[Type];
    /** The message as it came, every digit of it: what to keep. */
    readonly text: string;
  };
}[MessageType];

/** What of a push is no message. Answer it 200 all the same: refused, it would come again, and its neighbours with it. */
export interface UnreadableElement {
  /** Its place in the array, from 0; absent where the whole body cannot be read. */
  readonly index?: number;
  readonly reason: UnreadableReason;
  /** As it came, in bytes where it is no text; absent where the whole body cannot be read. */
  readonly text?: PushElement;
}

export interface ParsedPush {
  /** In the order in which they came. */
  readonly messages: readonly PushedMessage[];
  readonly unreadable: readonly UnreadableElement[];
}

/**
 * Reads the body of a push, as it came over the wire: an array of messages, a bare one, none; with a byte order
 * mark or gzip (specification, "Request description"; docs/sending.md). One bad element costs nothing but itself,
 * also where it breaks the array; a body of which nothing is a message is unreadable as a whole. Never throws, whatever came.
 * @param pathType the type of all of them, where the address says so; else each is told by its fields.
 * @param told the charset that the request names, see `readCharset`; UTF-8 where it names none.
 */
export function parsePush(
  body: Uint8Array | string,
  pathType?: MessageType,
  told: ToldOfBody = {},
): ParsedPush {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (bytes.byteLength === 0) return { messages: [], unreadable: [] };
  const split = splitPush(bytes, told);
  const parsed = 'elements' in split ? parseElements(split.elements, pathType) : undefined;
  if (parsed && !parsed.unreadable.some(({ reason }) => reason === 'not-json')) return parsed;
  const recovered = recoverElements(bytes, told, pathType);
  if (recovered) return parseElements(recovered, pathType);
  return { messages: [], unreadable: [{ reason: 'unreadable' in split ? split.unreadable : 'not-json' }] };
}

function parseElements(elements: readonly PushElement[], pathType: MessageType | undefined): ParsedPush {
  const messages: PushedMessage[] = [];
  const unreadable: UnreadableElement[] = [];
  for (const [index, text] of elements.entries()) {
    const element = readElement(text, pathType);
    if (element.kind === 'message') {
      const { type, callId, value } = element;
      // What the sender promises of its fields; message-fields.ts says how far to trust it.
      messages.push({ type, callId, message: value, text } as unknown as PushedMessage);
    } else {
      unreadable.push({ index, reason: element.reason, text });
    }
  }
  return { messages, unreadable };
}
