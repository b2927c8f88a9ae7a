import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberOf, parseJson, type JsonNode } from './parse-json.ts';

/** What the tree says, by way of JSON.parse for what it left as text. */
function toValue(text: string, node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ name, value }) => [name, toValue(text, value)]));
    case 'array':
      return node.items.map((item) => toValue(text, item));
    case 'string':
      return node.value;
    default:
      return JSON.parse(text.slice(node.from, node.to)) as unknown;
  }
}

describe('JSON text as a tree', () => {
  it('says what JSON.parse says', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent);
        expect(toValue(text, parseJson(text)!)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every digit of a number', () => {
    for (const digits of ['12345678901234567890', '1.10', '-0', '1E400', '0.1e-7']) {
      const text = `{ "n" : ${digits} }`;
      const node = memberOf(parseJson(text), 'n')!;
      expect(text.slice(node.from, node.to)).toBe(digits);
    }
  });

  it('keeps members of the same name, and finds the last of them', () => {
    const text = '{"a":1,"a":2}';
    const node = parseJson(text)!;
    expect(node.kind === 'object' && node.members.map(({ name }) => name)).toEqual(['a', 'a']);
    expect(memberOf(node, 'a')).toMatchObject({ from: 11, to: 12 });
  });

  it('reads what is nested deeper than calls can be', () => {
    const depth = 100_000;
    const text = '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(text)).toMatchObject({ kind: 'array', from: 0, to: 2 * depth });
  });

  it('reads strings of any length', () => {
    const long = '通话"\\n'.repeat(2_000_000);
    expect(parseJson(JSON.stringify([long]))).toMatchObject({ items: [{ value: long }] });
  });

  it('refuses what is cut off or no JSON', () => {
    for (const text of ['', '{"a":', '[1', 'page', ']', '"a', '["a\nb"]', '["\\x"]'])
      expect(parseJson(text), text).toBeUndefined();
  });
});
