import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/protocol/canonical-json.js';

/** A JSON value as content: numbers by their text, objects without an order. */
type Content =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Content[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Content> };

const digits = fc.stringMatching(/^(0|[1-9]\d{0,20})$/);
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.option(fc.stringMatching(/^\d{1,6}$/)),
    fc.option(fc.stringMatching(/^[eE][+-]?\d{1,3}$/)),
  )
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`,
  );

/** Strings that look like numbers, brackets and quotes to somebody who reads carelessly. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    '',
    '__proto__',
    'callId',
    ': 1.5',
    ',-0',
    '[1e9',
    '"',
    '\\',
    '\\"',
    '{"a":1}',
    '\ud800',
    '\u0000',
    '\u2028',
    '0000000000000000',
  ),
);

const content = fc.letrec<{ content: Content }>((tie) => ({
  content: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .oneof(fc.constantFrom('null', 'true', 'false'), number)
      .map((word): Content => ({ kind: 'word', text: word })),
    text.map((value): Content => ({ kind: 'string', value })),
    fc.array(tie('content'), { maxLength: 4 }).map((items): Content => ({ kind: 'array', items })),
    fc
      .array(fc.tuple(text, tie('content')), { maxLength: 4 })
      .map((members): Content => ({ kind: 'object', members: new Map(members) })),
  ),
})).content;

/** Draws from 0 to below 1, as fast-check decides. */
type Draw = () => number;

const spaces = ['', '', ' ', '\n', '\t\r'];

/** One of the many ways to write a content. */
function write(value: Content, draw: Draw): string {
  const space = () => spaces[Math.floor(draw() * spaces.length)] ?? '';
  const list = (open: string, parts: readonly string[], close: string) =>
    `${open}${space()}${parts.join(`${space()},${space()}`)}${space()}${close}`;
  switch (value.kind) {
    case 'word':
      return value.text;
    case 'string':
      return writeString(value.value, draw);
    case 'array':
      return list(
        '[',
        value.items.map((item) => write(item, draw)),
        ']',
      );
    case 'object': {
      const parts = [...value.members]
        .map(([key, member]) => ({
          order: draw(),
          text: `${writeString(key, draw)}${space()}:${space()}${write(member, draw)}`,
        }))
        .sort((a, b) => a.order - b.order)
        .map((part) => part.text);
      // Of equal keys the last counts: an earlier one, with whatever value, changes nothing.
      const [first] = value.members;
      if (first && draw() < 0.3)
        parts.unshift(`${writeString(first[0], draw)}:${draw() < 0.5 ? '[1.0]' : '7'}`);
      return list('{', parts, '}');
    }
  }
}

function writeString(value: string, draw: Draw): string {
  let written = '';
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const escaped = `\\u${code.toString(16).padStart(4, '0')}`;
    const mustEscape = code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff);
    if (draw() < 0.2)
      written += draw() < 0.5 ? escaped : escaped.replace(/[a-f]/g, (digit) => digit.toUpperCase());
    else written += mustEscape ? JSON.stringify(value[at]).slice(1, -1) : (value[at] ?? '');
  }
  return `"${written}"`;
}

/** Contents are the same exactly if these are: the plainest canonical form there is. */
function nameOf(value: Content): unknown {
  switch (value.kind) {
    case 'word':
      return ['word', value.text];
    case 'string':
      return ['string', ...[...Array(value.value.length).keys()].map((at) => value.value.charCodeAt(at))];
    case 'array':
      return ['array', ...value.items.map(nameOf)];
    case 'object':
      return [
        'object',
        ...[...value.members]
          .map(([key, member]) => JSON.stringify([nameOf({ kind: 'string', value: key }), nameOf(member)]))
          .sort(),
      ];
  }
}

const draws = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true }));
const canonical = (json: string) => canonicalJson(json, JSON.parse(json));
const runs = { numRuns: 2_000 };

describe('The canonical form of JSON', () => {
  it('is the same however one content is written', () => {
    fc.assert(
      fc.property(content, draws, (value, stream) => {
        const draw = () => stream.next().value;
        expect(canonical(write(value, draw))).toBe(canonical(write(value, draw)));
      }),
      runs,
    );
  });

  it('is different for different contents, and for numbers written differently', () => {
    fc.assert(
      fc.property(content, content, draws, (one, other, stream) => {
        const draw = () => stream.next().value;
        const isSame = JSON.stringify(nameOf(one)) === JSON.stringify(nameOf(other));
        expect(canonical(write(one, draw)) === canonical(write(other, draw))).toBe(isSame);
      }),
      runs,
    );
  });

  it('tells contents apart that differ in one place only', () => {
    fc.assert(
      fc.property(content, number, number, draws, (around, one, other, stream) => {
        const draw = () => stream.next().value;
        const within = (word: string): Content => ({
          kind: 'array',
          items: [around, { kind: 'word', text: word }],
        });
        expect(canonical(write(within(one), draw)) === canonical(write(within(other), draw))).toBe(
          one === other,
        );
      }),
      runs,
    );
  });

  it('is JSON of the same content, and its own canonical form', () => {
    fc.assert(
      fc.property(content, draws, (value, stream) => {
        const json = write(value, () => stream.next().value);
        const form = canonical(json);
        expect(JSON.parse(form)).toEqual(JSON.parse(json));
        expect(canonical(form)).toBe(form);
      }),
      runs,
    );
  });
});
