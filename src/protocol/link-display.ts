import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

/*
 * What of a link may be shown to people who may not download: its host and a digest. User and password, path, what follows
 * a semicolon, query and fragment may each hold what opens it. What was received may hold links anywhere and written in
 * any way, so this is generous in what it takes for one.
 */

// All repetitions are bounded, or delimited by what they do not take: bodies are large, and their senders strangers.
const questionMark = /\?|%(?:25){0,3}3f|\\{1,7}u003f/i;
/** `://`, as JSON and forms may write it. */
const linkStart = /(?::|%(?:25){0,3}3a|\\{1,7}u003a)(?:\\{0,7}\/|%(?:25){0,3}2f|\\{1,7}u002f){2}/i;
const equalsSign = /=|%(?:25){0,3}3d|\\{1,7}u003d/i;
/** What stands between links. An apostrophe and a comma may be in one. */
const token = /[^\s"<>]+/g;

/** Any JSON value, with the links in its strings hidden; the path of a recording is part of its link. */
export function hideLinksIn(value: unknown): unknown {
  if (typeof value === 'string') return hideLinks(value);
  if (Array.isArray(value)) return value.map(hideLinksIn);
  if (typeof value !== 'object' || value === null) return value;
  const isRecording = 'host' in value && 'callId' in value && 'deadlineAt' in value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isRecording && name === 'path' && typeof member === 'string'
        ? `…${digestOf(member)}`
        : hideLinksIn(member),
    ]),
  );
}

/** A text: a link, or words with links among them. */
export function hideLinks(text: string): string {
  if (!questionMark.test(text) && !linkStart.test(text)) return text;
  // Of what is a link as a whole nothing stays but its host, whatever stands there: blanks, too.
  return startsAsLink.test(text) ? hideLink(text.trim()) : hideWords(text);
}

const startsAsLink = /^\s{0,9}[a-z][a-z0-9+.-]{0,30}:\/\//i;

function hideWords(text: string): string {
  if (!questionMark.test(text) && !linkStart.test(text)) return text;
  return text.replace(token, (part) => {
    if (linkStart.test(part)) return hideLink(part);
    const at = part.search(questionMark);
    return at >= 0 && equalsSign.test(part.slice(at)) ? `…${digestOf(part)}` : part;
  });
}

const schemeEnd =
  /^(.{0,400}?[a-z][a-z0-9+.-]{0,30})(?::|%(?:25){0,3}3a|\\{1,7}u003a)(?:\\{0,7}\/|%(?:25){0,3}2f|\\{1,7}u002f){2}/i;
const authorityEnd = /[/\\?#]|%(?:25){0,3}(?:2f|3f|23|5c)/i;
const userEnd = /.*(?:@|%(?:25){0,3}40)/i;
const hostForm = /^[\p{L}\p{N}.:[\]_-]{1,253}$/u;

/** What this has hidden before. */
const hidden = /^[^:]{0,400}:\/\/[^/]{0,253}\/…[0-9a-f]{12}$/;

/** The host of a link, and a digest by which the same link is recognised: neither path nor user, nor anything behind. */
function hideLink(link: string): string {
  if (hidden.test(link)) return link;
  const begin = schemeEnd.exec(link);
  if (!begin) return `…${digestOf(link)}`;
  const rest = link.slice(begin[0].length, begin[0].length + 2_000);
  const end = rest.search(authorityEnd);
  const host = (end < 0 ? rest : rest.slice(0, end)).replace(userEnd, '');
  return `${begin[1] ?? ''}://${hostForm.test(host) ? host : ''}/…${digestOf(link)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** JSON text, every digit of it but for links: strings are read as what they say, however they are written. */
export function hideLinksInJson(text: string): string {
  return Array.from(hideLinksInSteps(text)).join('');
}

/**
 * The same in parts, to be put together. A message may have megabytes, and looking through one takes up to half a second:
 * between the parts others can have their turn. Each costs little, whatever the text is.
 */
export function* hideLinksInSteps(text: string): Generator<string> {
  let at = 0;
  for (;;) {
    const begin = text.indexOf('"', at);
    const end = begin < 0 ? undefined : endOfString(text, begin);
    if (end === undefined) {
      yield* inPieces(text.slice(at));
      return;
    }
    yield* inPieces(text.slice(at, begin));
    const literal = text.slice(begin, end);
    yield literal.length <= pieceLength ? hideInString(literal) : yield* hideInLongString(literal);
    at = end;
  }
}

const pieceLength = 64 * 1024;

/** As `hideLinks`, which looks at each word by itself: so may a text be cut behind any blank. A word without end stays whole. */
function* inPieces(text: string): Generator<string> {
  if (text.length <= pieceLength || startsAsLink.test(text)) {
    yield hideLinks(text);
    return;
  }
  const blank = /\s/g;
  for (let from = 0; from < text.length;) {
    blank.lastIndex = from + pieceLength;
    const found = blank.exec(text);
    const end = found ? blank.lastIndex : text.length;
    yield hideWords(text.slice(from, end));
    from = end;
  }
}

/** Parts that say nothing come between the steps: what the string becomes is known at its end. */
function* hideInLongString(literal: string): Generator<string, string> {
  const said = readString(literal);
  const parts: string[] = [];
  for (const part of inPieces(said ?? literal)) {
    parts.push(part);
    yield '';
  }
  const hidden = parts.join('');
  if (said === undefined) return hidden;
  return hidden === said ? literal : JSON.stringify(hidden);
}

/** Behind the quotation mark that closes the string; undefined where none does. */
function endOfString(text: string, begin: number): number | undefined {
  for (let at = begin + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '"') return at + 1;
    if (character === '\\') at++;
  }
  return undefined;
}

function hideInString(literal: string): string {
  const said = readString(literal);
  if (said === undefined) return hideLinks(literal);
  const hidden = hideLinks(said);
  return hidden === said ? literal : JSON.stringify(hidden);
}

/**
 * Bytes that were received and understood by nobody. Undefined where they are no plain text: what is in them, packed or
 * in another alphabet, cannot be told.
 */
export function hideLinksInBytes(bytes: Uint8Array): Uint8Array | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return undefined;
  return Buffer.from(hideLinks(hideLinksInJson(text)));
}

function readString(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}
