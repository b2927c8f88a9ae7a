import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from './find-json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the place at which a text stops being JSON', () => {
  it.each([
    ['', 'empty', 1, 1],
    [' \n ', 'empty', 2, 2],
    ['[{"callId": "1",}]', 'comma', 1, 16],
    ['[1,]', 'comma', 1, 3],
    ['[{"callId": "1"', 'endsEarly', 1, 16],
    ['[{"callId": "1"}\n{"callId": "2"}]', 'separator', 2, 1],
    ['{"callId": "1"}\n{"callId": "2"}', 'more', 2, 1],
    ["{'callId': '1'}", 'quote', 1, 2],
    ['{“callId”: "1"}', 'quote', 1, 2],
    ['{callId: "1"}', 'key', 1, 2],
    ['{"callId" "1"}', 'colon', 1, 11],
    ['{"callId": "1}', 'openString', 1, 12],
    ['{"a": "one\ntwo"}', 'control', 1, 11],
    ['{"path": "C:\\x"}', 'escape', 1, 13],
    ['{"n": 01}', 'number', 1, 7],
    ['{"n": 1.}', 'number', 1, 7],
    ['[-]', 'number', 1, 2],
    ['{"ok": True}', 'unexpected', 1, 8],
    ['[undefined]', 'unexpected', 1, 2],
    ['hello', 'unexpected', 1, 1],
    ['{"a": }', 'unexpected', 1, 7],
    [']', 'unexpected', 1, 1],
  ])('is found in %j: %s', (text, kind, line, column) => {
    expect(findJsonFault(text)).toMatchObject({ kind, line, column });
  });

  it('tells the character that stands there', () => {
    expect(findJsonFault('{"a": 😀}')?.found).toBe('😀');
    expect(findJsonFault('[')?.found).toBeUndefined();
  });

  it('is nowhere in JSON of any depth', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(findJsonFault(deep)).toBeUndefined();
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findJsonFault(text)).toBeUndefined();
      }),
    );
  });

  it('is there exactly where JSON.parse refuses', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '"', '\\', '}', ']', '{', ':', '0', '-', 'e', '.', '\n', 'x'),
      )
      .map(([text, at, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + (put === '' ? 1 : 0));
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string()), (text) => {
        const fault = findJsonFault(text);
        expect(fault === undefined).toBe(isJson(text));
        if (fault) expect(fault.at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1_500 },
    );
  });
});
