import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import type { Actor } from '../domain/actor.js';

/*
 * Whoever may not download gets no link that anything can be downloaded by: of every link that an answer holds the
 * query, in which its signature is, is cut off. What was received may hold links anywhere and written in any way, so
 * this is generous in what it takes for one.
 */

const cut = '?…';
// All repetitions are bounded, or delimited by what they do not take: bodies are large, and their senders strangers.
const questionMark = /\?|%(?:25){0,3}3f|\\{1,7}u003f/i;
/** `://`, as JSON and forms may write it. */
const linkStart = /(?::|%(?:25){0,3}3a|\\{1,7}u003a)(?:\\{0,7}\/|%(?:25){0,3}2f|\\{1,7}u002f){2}/i;
const equalsSign = /=|%(?:25){0,3}3d|\\{1,7}u003d/i;
/** What stands between links. An apostrophe and a comma may be in one. */
const token = /[^\s"<>]+/g;

/** Hides links in every answer that is made as an object; those made as text are hidden by their routes. */
export function hideLinksFromThose(app: FastifyInstance): void {
  app.addHook('preSerialization', async (request, _reply, payload) => {
    // Nobody has been asked for yet where the address could not even be read.
    const actor = request.actor as Actor | null;
    return actor && maySeeLinks(actor) ? payload : hideLinksIn(payload);
  });
}

export function maySeeLinks({ rights }: Pick<Actor, 'rights'>): boolean {
  return rights.includes('download');
}

/** Any JSON value, with the queries of links in its strings cut off. */
export function hideLinksIn(value: unknown): unknown {
  if (typeof value === 'string') return hideLinks(value);
  if (Array.isArray(value)) return value.map(hideLinksIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hideLinksIn(member)]));
}

/** A text: a link, or words with links among them. */
export function hideLinks(text: string): string {
  if (!questionMark.test(text)) return text;
  // Of what is a link as a whole nothing behind the first question mark stays, whatever stands there.
  if (/^\s{0,9}[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text))
    return text.slice(0, text.search(questionMark)) + cut;
  return text.replace(token, (part) => {
    const at = part.search(questionMark);
    const isLink = at >= 0 && (linkStart.test(part) || equalsSign.test(part.slice(at)));
    return isLink ? part.slice(0, at) + cut : part;
  });
}

/** JSON text, every digit of it but for links: strings are read as what they say, however they are written. */
export function hideLinksInJson(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const begin = text.indexOf('"', at);
    const end = begin < 0 ? undefined : endOfString(text, begin);
    if (end === undefined) return parts.join('') + hideLinks(text.slice(at));
    parts.push(hideLinks(text.slice(at, begin)), hideInString(text.slice(begin, end)));
    at = end;
  }
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
