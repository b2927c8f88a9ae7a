import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyTemplate } from './key-template.js';

describe('a key template', () => {
  it.each([
    ['{date}/{name}', '2025-05-22/a-r1.wav'],
    ['{year}/{month}/{day}/{name}', '2025/05/22/a-r1.wav'],
    ['calls/year={year}/{month}{day}-{name}', 'calls/year=2025/0522-a-r1.wav'],
    ['{name}/{date}', 'a-r1.wav/2025-05-22'],
  ])('%s puts an asset at %s', (template, key) => {
    expect(parseKeyTemplate(template)('2025-05-22/a-r1.wav')).toBe(key);
  });

  it.each([
    ['', '{name}'],
    ['{date}/all.wav', '{name}'],
    ['{date}/{name}-{name}', 'once'],
    ['{name}', '{date}'],
    ['{year}/{month}/{name}', '{date}'],
    ['{date}/{call}/{name}', '{call}'],
    ['{date}//{name}', 'folders'],
    ['/{date}/{name}', 'folders'],
    ['{date}/../{name}', 'folders'],
    ['{date}/{name}?x', 'letters'],
    ['{date}/{name', '{name}'],
  ])('%j is refused with a sentence that says %j', (template, word) => {
    expect(() => parseKeyTemplate(template)).toThrow(word);
  });

  it.each(['{date}/{name}', '{name}-{date}', 'exports/{date}/{name}'])(
    '%s leaves exports alone',
    (template) => {
      expect(parseKeyTemplate(template)('exports/x1.csv')).toBe('exports/x1.csv');
    },
  );

  it('gives two names two keys', () => {
    const templates = [
      '{date}/{name}',
      '{name}-{date}',
      'x{year}{month}{day}{name}',
      '{day}{name}{year}-{month}',
    ];
    const date = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    const fileName = fc
      .tuple(date, fc.stringMatching(/^[a-z0-9-]{1,12}$/))
      .map(([day, name]) => `${day.toISOString().slice(0, 10)}/${name}`);
    fc.assert(
      fc.property(fc.constantFrom(...templates), fileName, fileName, (template, one, other) => {
        const keyOf = parseKeyTemplate(template);
        expect(keyOf(one) === keyOf(other)).toBe(one === other);
      }),
    );
  });
});
