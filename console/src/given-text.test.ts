import { describe, expect, it } from 'vitest';
import { isolate, showHidden } from './given-text.ts';

describe('text that others have chosen', () => {
  it('is as it came where all of it can be seen', () => {
    for (const text of [
      '100001610001^100001820002',
      '通话 1',
      'Zoë 👨‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
      'two\nlines\twith a tab',
      'نامه‌ای',
    ]) {
      expect(showHidden(text)).toBe(text);
    }
  });

  it('has marks for what cannot be seen', () => {
    expect(showHidden('a\u202Efdp.exe')).toBe('a[U+202E]fdp.exe');
    expect(showHidden('\u2066a\u2069\u200F\u200B\uFEFF\u00AD\u2028')).toBe(
      '[U+2066]a[U+2069][U+200F][U+200B][U+FEFF][U+00AD][U+2028]',
    );
    expect(showHidden('\0\u001B[31m\u0085\uD800')).toBe('[U+0000][U+001B][31m[U+0085][U+D800]');
  });

  it('is closed in where it is written from the right', () => {
    expect(isolate('Billing')).toBe('Billing');
    expect(isolate('שלום')).toBe('\u2068שלום\u2069');
    expect(isolate('\u2069שלום')).toBe('\u2068[U+2069]שלום\u2069');
    expect(isolate(isolate('שלום')), 'once').toBe('\u2068שלום\u2069');
    expect(isolate(`call of ${isolate('שלום')}`)).toBe('\u2068call of \u2068שלום\u2069\u2069');
  });
});
