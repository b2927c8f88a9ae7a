import { gunzipSync } from 'node:zlib';
import { messageTypes, type MessageType } from '../../src/protocol/message.js';

/**
 * What a body holds by the rules of the interface, found out in the plainest way there is, which is not the
 * product's: the whole body is parsed, and the elements are counted.
 */
export type Holds =
  /** Nothing of it is a message: it belongs into quarantine whole. */
  | { readonly kind: 'no-push' }
  | { readonly kind: 'elements'; readonly text: string; readonly elements: readonly HeldElement[] };

export interface HeldElement {
  /** Undefined: an item for quarantine. */
  readonly message: { readonly type: MessageType } | undefined;
}

export function whatItHolds(body: Uint8Array, pathType?: MessageType): Holds {
  try {
    const unpacked =
      body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body, { maxOutputLength: 64 * 1024 * 1024 }) : body;
    // Fatal: what is no UTF-8 is no push. A byte order mark is passed over, one.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(unpacked);
    const value: unknown = JSON.parse(text);
    const elements = Array.isArray(value) ? value : [value];
    return {
      kind: 'elements',
      text,
      elements: elements.map((element) => ({ message: toMessage(element, pathType) })),
    };
  } catch {
    return { kind: 'no-push' };
  }
}

function toMessage(element: unknown, pathType?: MessageType): { type: MessageType } | undefined {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined;
  const has = (name: string) => Object.hasOwn(element, name);
  const callId: unknown = has('callId') ? (element as { callId: unknown }).callId : undefined;
  const isId = (typeof callId === 'string' && callId !== '') || typeof callId === 'number';
  const type = pathType ?? told(has);
  return isId && type ? { type } : undefined;
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
