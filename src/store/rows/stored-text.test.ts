import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connection } from '../sqlite/connection.js';
import { fromStoredText, toStoredText } from './row.js';

const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe('text in SQLite', () => {
  it('comes back as it went in, whatever UTF-16 it holds', () => {
    const connection = new Connection(':memory:', { busyTimeoutMs: 0, cacheKiB: 64 });
    fc.assert(
      fc.property(anyText, (text) => {
        expect(connection.prepare('SELECT ? AS text').get(text)?.['text']).toBe(text);
      }),
    );
    connection.close();
  });

  it('stays different where it was different', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(toStoredText(one) === toStoredText(other)).toBe(one === other);
      }),
    );
  });

  it.each(['a\0b', '\uD800', '\uFFFE', '\uFFFE0000', 'plain', '录音', '😀'])(
    'escapes %j reversibly',
    (text) => {
      expect(toStoredText(text)).not.toContain('\0');
      expect(fromStoredText(toStoredText(text))).toBe(text);
    },
  );
});
