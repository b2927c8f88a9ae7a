/** What came instead of audio. */
export type DocumentKind = 'html' | 'xml' | 'json' | 'text';

export interface Document {
  readonly kind: DocumentKind;
  /** What it says of itself, in a few words fit for a log: never a link. */
  readonly detail: string;
}

/** Looked at of a beginning; errors and pages say what they are at once. */
const lookedBytes = 4096;

/**
 * The page, error document or text that a body is instead of audio, by its beginning; undefined for anything else. A
 * byte order mark and blanks in front do not matter, nor does UTF-16. Bytes that no text has make it no document.
 */
export function readDocument(head: Uint8Array): Document | undefined {
  const text = toText(head.subarray(0, lookedBytes));
  if (text === undefined) return undefined;
  const tag = /^\s*<([!?]?[a-zA-Z][\w:-]*|!--)/.exec(text)?.[1];
  if (tag !== undefined) {
    const isHtml =
      /^(!doctype|!--|html|head|body|title|meta|script|style|div|center|h1|p|pre)$/i.test(tag) &&
      !/^\s*<!doctype\s+(?!html)/i.test(text);
    if (isHtml) return { kind: 'html', detail: 'an HTML page' };
    return { kind: 'xml', detail: 'an XML page' };
  }
  if (/^\s*(\{\s*("|\}|$)|\[\s*([[\]{"\d-]|true|false|null|$))/.test(text))
    return { kind: 'json', detail: 'a JSON document' };
  return text === '' ? undefined : { kind: 'text', detail: 'a text' };
}

const utf16 = { 'fe,ff': 'utf-16be', 'ff,fe': 'utf-16le' } as const;

/** Undefined where a byte is none of a text: a control character, or no character at all. */
function toText(bytes: Uint8Array): string | undefined {
  const mark = `${bytes[0]?.toString(16)},${bytes[1]?.toString(16)}`;
  if (mark in utf16) {
    const text = new TextDecoder(utf16[mark as keyof typeof utf16]).decode(bytes);
    // Sound may begin with these two bytes as well: only what begins like a document is one.
    return /^\s*[<{[][\s!?"\w{]/.test(text) ? text : undefined;
  }
  // The older encodings of Chinese have no control characters either, but for what marks them up these do.
  if (bytes.some((byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b)) return undefined;
  const text = new TextDecoder('utf-8').decode(bytes);
  const isMarked = /^\s*[<{[]/.test(text);
  return isMarked || isReadable(text, bytes) ? text : undefined;
}

/** Plain text proves itself by being whole UTF-8, but for a character that the end of the head cuts. */
function isReadable(text: string, bytes: Uint8Array): boolean {
  const isCut = bytes.length >= lookedBytes;
  return !(isCut ? text.slice(0, -1) : text).includes('\ufffd') && !text.includes('\x7f');
}
