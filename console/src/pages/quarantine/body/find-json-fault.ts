/** What is wrong; a key of the texts under `fault`. */
export type JsonFaultKind =
  | 'empty'
  | 'unexpected'
  | 'endsEarly'
  | 'more'
  | 'comma'
  | 'key'
  | 'colon'
  | 'separator'
  | 'openString'
  | 'control'
  | 'escape'
  | 'number'
  | 'quote';

/** The first place at which a text stops being JSON. */
export interface JsonFault {
  readonly kind: JsonFaultKind;
  /** In UTF-16 units, as a text field counts. */
  readonly at: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The character that stands there; absent at the end. */
  readonly found?: string;
}

/**
 * Where `text` stops being JSON; undefined where all of it is. Browsers tell the place in their own words, or not at
 * all. Goes on without recursion: depth costs memory only.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const fault = scan(text);
  if (!fault) return undefined;
  const before = text.slice(0, fault.at);
  const line = before.split('\n').length;
  const found = text.codePointAt(fault.at);
  return {
    ...fault,
    line,
    column: fault.at - (before.lastIndexOf('\n') + 1) + 1,
    ...(found !== undefined && { found: String.fromCodePoint(found) }),
  };
}

interface Place {
  readonly kind: JsonFaultKind;
  readonly at: number;
}

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const plain = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function scan(text: string): Place | undefined {
  const open: ('[' | '{')[] = [];
  let at = skip(space, text, 0);
  if (at === text.length) return { kind: 'empty', at };
  for (;;) {
    const value = readValue(text, at, open);
    if (typeof value !== 'number') return value;
    at = skip(space, text, value);
    const closed = closeAll(text, at, open);
    if (typeof closed !== 'number') return closed;
    if (open.length === 0) return closed === text.length ? undefined : { kind: 'more', at: closed };
    at = closed;
  }
}

/** Reads a value, or the beginning of an object or list down to its first value; where it ends, or the fault. */
function readValue(text: string, from: number, open: ('[' | '{')[]): number | Place {
  let at = from;
  for (;;) {
    const character = text[at];
    if (character === '[') {
      const inside = skip(space, text, at + 1);
      if (text[inside] === ']') return inside + 1;
      open.push('[');
      at = inside;
    } else if (character === '{') {
      const inside = skip(space, text, at + 1);
      if (text[inside] === '}') return inside + 1;
      open.push('{');
      const key = readKey(text, inside);
      if (typeof key !== 'number') return key;
      at = key;
    } else {
      return readScalar(text, at);
    }
  }
}

/** From behind a value: closes what ends there, and goes on to the next value of what does not. */
function closeAll(text: string, from: number, open: ('[' | '{')[]): number | Place {
  let at = from;
  for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
    const character = text[at];
    if (character === undefined) return { kind: 'endsEarly', at };
    if (character === ',') {
      const next = skip(space, text, at + 1);
      if (text[next] === ']' || text[next] === '}') return { kind: 'comma', at };
      return inner === '{' ? readKey(text, next) : next;
    }
    if (character !== (inner === '{' ? '}' : ']')) return { kind: 'separator', at };
    open.pop();
    at = skip(space, text, at + 1);
  }
  return at;
}

/** A key and its colon; where its value begins. */
function readKey(text: string, at: number): number | Place {
  if (at === text.length) return { kind: 'endsEarly', at };
  if (text[at] !== '"') return { kind: isQuote(text[at]) ? 'quote' : 'key', at };
  const end = readString(text, at);
  if (typeof end !== 'number') return end;
  const colon = skip(space, text, end);
  if (colon === text.length) return { kind: 'endsEarly', at: colon };
  return text[colon] === ':' ? skip(space, text, colon + 1) : { kind: 'colon', at: colon };
}

function readScalar(text: string, at: number): number | Place {
  const character = text[at];
  if (character === undefined) return { kind: 'endsEarly', at };
  if (character === '"') return readString(text, at);
  const end = /[-\d]/.test(character) ? skip(number, text, at) : skip(word, text, at);
  if (end === at) {
    if (/[-\d]/.test(character)) return { kind: 'number', at };
    return { kind: isQuote(character) ? 'quote' : 'unexpected', at };
  }
  // `01`, `1.`, `truely`: what stands directly behind belongs to it and is wrong.
  return /[\w.+-]/.test(text[end] ?? '') ? { kind: /\d/.test(character) ? 'number' : 'unexpected', at } : end;
}

function readString(text: string, from: number): number | Place {
  let at = from + 1;
  for (;;) {
    at = skip(plain, text, at);
    if (at === text.length) return { kind: 'openString', at: from };
    if (text[at] === '"') return at + 1;
    if (text[at] !== '\\') return { kind: 'control', at };
    const behind = skip(escape, text, at);
    if (behind === at) return { kind: 'escape', at };
    at = behind;
  }
}

/** Quotation marks that people and word processors write where JSON has `"`. */
function isQuote(character: string | undefined): boolean {
  return character !== undefined && "'`‘’“”＂「」".includes(character);
}

/** Where `pattern`, which matches from a place on or not at all, ends. */
function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
