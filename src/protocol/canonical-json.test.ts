import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

const canonical = (json: string) => canonicalJson(json, JSON.parse(json));

describe('canonicalJson', () => {
  it.each([
    ['{"b":1,"a":2}', ' { "a" : 2 , "b" : 1 } '],
    ['{"a":"\\u0041/"}', '{"a":"A\\/"}'],
    ['{"a":1.10,"b":[1,2]}', '{ "b":[ 1 , 2 ],"a":1.10 }'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"a":"x:1.5"}', '{"a":"x\\u003a1.5"}'],
    ['{"2":0,"10":0}', '{"10":0,"2":0}'],
  ])('is the same for %s and %s', (one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });

  it.each([
    ['{"a":1.1}', '{"a":1.10}'],
    ['{"a":1E400}', '{"a":1E401}'],
    ['{"a":0}', '{"a":-0}'],
    ['{"a":12345678901234567890}', '{"a":12345678901234567891}'],
    ['[9007199254740993]', '[9007199254740992]'],
    ['{"a":1e5}', '{"a":100000}'],
    ['{"a":"\\ud800"}', '{"a":"\\ud801"}'],
    ['{"a":"\\u0000"}', '{"a":""}'],
    ['{"a":[1,2]}', '{"a":[2,1]}'],
    ['{"a":null}', '{}'],
    ['{"a":1}', '{"a":"1"}'],
    ['{"__proto__":1}', '{}'],
  ])('tells %s from %s', (one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });

  it('is the same however the members of an object are ordered and spaced', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(JSON.stringify(value, null, 3))).toBe(canonical(JSON.stringify(value)));
        expect(canonical(JSON.stringify(reversed(value)))).toBe(canonical(JSON.stringify(value)));
      }),
    );
  });

  it('takes its own text for what is nested too deep to be a message', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(canonical(deep)).toBe(deep);
    const deepFraction = `${'['.repeat(100_000)}1.5${']'.repeat(100_000)}`;
    expect(canonical(deepFraction)).toBe(deepFraction);
  });

  it('costs no more than a look at each character, even for a million zeros in a string', () => {
    const zeros = JSON.stringify({ a: `:${'0'.repeat(1_000_000)}` });
    expect(canonical(zeros)).toBe(zeros);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]: [string, unknown]) => [key, reversed(entry)]),
  );
}
