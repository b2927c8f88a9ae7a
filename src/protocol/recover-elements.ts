import { decodeText, halfCharacter, isUtf16 } from './charset.js';
import { unpackBody } from './content-coding.js';
import { maxElements } from './element-bounds.js';
import { endOfValue, skipSpace, splitArray, trimSpace } from './json-text.js';
import type { MessageType } from './message.js';
import { readElement, type PushElement, type ReadElement, type ToldOfBody } from './push-body.js';

/*
 * The elements of an array of which some are broken, so that the good ones are not lost with them. A broken element is
 * bytes of another charset, or text that is no JSON; it may hold a quote too few, and then every bracket behind it is
 * read wrongly. So it ends where the rest makes sense again: before the first object that is a message by itself, from
 * which on there are good elements up to another broken one or to the end of the array. What a broken element holds
 * inside is not taken for a message: behind that stands its closing bracket, and not the end of the body.
 *
 * In other charsets the second byte of a character may be a bracket or a backslash. Which it is, nobody says where no
 * charset was told, so the body is read in three ways; the one that finds the most messages is believed.
 */

/** Characters that may be looked at, for each one there is and beside: after that the rest is one broken element. */
const looksAtEach = 6;
const looksBeside = 4 * 1024 * 1024;
/** To find that text is no JSON takes as long as to look at so many characters, however short it is. */
const costOfRefusal = 1_000;
/** Broken stretches of one body, and elements that one of them is taken apart into. */
const mostBroken = 1_000;
const mostParts = 100;

/**
 * The elements of a body that `splitPush` cannot split, or of which some element is no JSON, in their order; together
 * with the commas and spaces between them they are all of it. Undefined where nothing of it is a message: it is kept whole.
 */
export function recoverElements(
  body: Uint8Array,
  told: ToldOfBody = {},
  pathType?: MessageType,
): PushElement[] | undefined {
  const bytes = unpackBody(body, told.contentEncoding);
  if (typeof bytes === 'string') return undefined;
  const text = decodeText(bytes, told.charset);
  let best: Found | undefined;
  for (const reading of text === undefined ? readingsOf(bytes, told) : [readingOf(text)]) {
    const found = recover(reading, pathType);
    if (found.messages > (best?.messages ?? 0)) best = found;
  }
  return best && best.elements.length <= maxElements ? best.elements : undefined;
}

/** A body as its structure is read: `shape` has a character at each place, `cut` gives what stands there. */
interface Reading {
  readonly shape: string;
  readonly cut: (start: number, end: number) => PushElement;
}

function readingOf(text: string): Reading {
  return {
    shape: text,
    cut: (start, end) => {
      const piece = text.slice(start, end);
      return !halfCharacter.test(piece) ? piece : Buffer.from(piece, 'utf16le');
    },
  };
}

function* readingsOf(body: Uint8Array, { charset }: ToldOfBody): Generator<Reading> {
  const bytes = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
  const cut = (start: number, end: number): PushElement => {
    const piece = bytes.subarray(start, end);
    // A zero byte in a piece does not make UTF-16 of it: that is told by the whole body.
    return (isUtf16(piece) ? undefined : decodeText(piece, charset)) ?? piece;
  };
  for (const shape of [
    shapeOf(bytes, true, true),
    shapeOf(bytes, false, true),
    shapeOf(bytes, true, false),
  ]) {
    yield { shape: shape.toString('latin1'), cut };
  }
}

/** A copy in which bytes of characters beyond ASCII are none of structure, whichever they are. */
function shapeOf(bytes: Uint8Array, isUtf8Known: boolean, arePairs: boolean): Buffer {
  const shape = Buffer.from(bytes);
  for (let at = 0; at < shape.length; at++) {
    if (shape[at]! < 0x80) continue;
    const length = isUtf8Known ? lengthInUtf8(bytes, at) : 0;
    if (length > 0) at += length - 1;
    // Second bytes of GBK, GB 18030, Big5, Shift JIS begin at 0x30 or later: a quote or a comma is none.
    else if (arePairs && (shape[at + 1] ?? 0) >= 0x30) shape[++at] = 0xff;
  }
  return shape;
}

/** Bytes of the character of UTF-8 that begins here; 0 where none does. */
function lengthInUtf8(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (let next = 1; next < length; next++) if ((bytes[at + next] ?? 0) >> 6 !== 2) return 0;
  return length;
}

interface Found {
  readonly elements: PushElement[];
  /** How many of them are messages. */
  readonly messages: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface GoodSpan extends Span {
  readonly isMessage: boolean;
}

function recover({ shape, cut }: Reading, pathType: MessageType | undefined): Found {
  const elements: PushElement[] = [];
  let messages = 0;
  const way = new Way(shape, (start, end) => readElement(cut(start, end), pathType));
  const open = skipSpace(shape, 0);
  let at = shape[open] === '[' ? way.skipCommas(open + 1) : shape.length;
  while (!way.isEnd(at) && elements.length <= maxElements) {
    const good = way.goodFrom(at);
    for (const { start, end, isMessage } of good.spans) {
      elements.push(cut(start, end));
      if (isMessage) messages++;
    }
    at = way.skipCommas(good.end);
    if (way.isEnd(at)) break;
    const next = way.nextGood(at);
    for (const { start, end } of partsOf(shape, at, next)) elements.push(cut(start, end));
    at = way.skipCommas(next);
  }
  return { elements, messages };
}

/** A broken stretch as its elements, where these can be told apart. */
function partsOf(shape: string, start: number, end: number): Span[] {
  const text = shape.slice(start, end).replace(/[ \t\r\n,]+$/, '');
  const parts = splitArray(`[${text}]`, mostParts);
  if (!parts?.every((part) => part.startsWith('{') && part.endsWith('}')) || parts.length > mostParts) {
    return [{ start, end: start + text.length }];
  }
  let at = start;
  return parts.map((part) => {
    const begin = shape.indexOf(part, at);
    at = begin + part.length;
    return { start: begin, end: at };
  });
}

/** Looks for elements along a body, with an end to how much is looked at. */
class Way {
  #left: number;
  #broken = 0;
  /** What was found behind the last broken element. */
  #ahead: { readonly from: number; readonly good: ReturnType<Way['goodFrom']> } | undefined;

  constructor(
    private readonly shape: string,
    private readonly read: (start: number, end: number) => ReadElement,
  ) {
    this.#left = shape.length * looksAtEach + looksBeside;
  }

  /** Whether nothing follows, or only the end of the array. */
  isEnd(at: number): boolean {
    const { length } = this.shape;
    return at >= length || (this.shape[at] === ']' && skipSpace(this.shape, at + 1) >= length);
  }

  skipCommas(from: number): number {
    let at = skipSpace(this.shape, from);
    while (this.shape[at] === ',') at = skipSpace(this.shape, at + 1);
    return at;
  }

  /** The good elements that follow each other from here, where they end, and whether that is inside of another element. */
  goodFrom(from: number): { spans: GoodSpan[]; end: number; isInside: boolean } {
    if (this.#ahead?.from === from) return this.#ahead.good;
    const spans: GoodSpan[] = [];
    let start = from;
    while (!this.isEnd(start)) {
      const good = this.#goodAt(start);
      if (!good) break;
      spans.push(good.span);
      if (this.shape[good.end] !== ',' && !this.isEnd(good.end)) {
        return { spans, end: good.end, isInside: true };
      }
      start = this.skipCommas(good.end);
    }
    return { spans, end: start, isInside: false };
  }

  /** Where, behind a broken element, the next message begins; the end of the array where none does. */
  nextGood(after: number): number {
    const begin = /,[ \t\r\n]*(?=\{[ \t\r\n]*")/g;
    begin.lastIndex = after;
    if (++this.#broken > mostBroken) this.#left = 0;
    while (this.#left > 0 && begin.test(this.shape)) {
      const from = begin.lastIndex;
      const good = this.goodFrom(from);
      if (good.isInside || !good.spans[0]?.isMessage) continue;
      this.#ahead = { from, good };
      return from;
    }
    const close = this.shape.lastIndexOf(']');
    return close > after && this.isEnd(close) ? close : this.shape.length;
  }

  #goodAt(start: number): { span: GoodSpan; end: number } | undefined {
    if (this.#left <= 0) return undefined;
    const end = endOfValue(this.shape, start);
    this.#left -= end - start + 1;
    const read = this.read(start, end);
    const isMessage = read.kind === 'message';
    if (!isMessage && (read.reason === 'not-json' || read.reason === 'not-utf-8')) {
      this.#left -= costOfRefusal;
      return undefined;
    }
    return { span: { start, end: start + trimSpace(this.shape.slice(start, end)).length, isMessage }, end };
  }
}
