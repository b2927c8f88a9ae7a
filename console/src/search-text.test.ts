import { describe, expect, it } from 'vitest';
import { parseSearchText, takesFromAddress, writeSearchText } from './search-text.ts';

describe('the query of an address', () => {
  it('keeps every digit of an id', () => {
    const search = { q: '10000161000000000001', outId: '007' };
    expect(writeSearchText(search)).toBe('?q=10000161000000000001&outId=007');
    expect(parseSearchText(writeSearchText(search))).toEqual(search);
  });

  it('carries any characters', () => {
    const search = { q: '1^2 & 3 = "四"?#' };
    expect(parseSearchText(writeSearchText(search))).toEqual(search);
  });

  it('is nothing where there is nothing to say', () => {
    expect(writeSearchText({ q: '', state: undefined })).toBe('');
  });
});

describe('what a page takes from its address', () => {
  const { validateSearch } = takesFromAddress(['state'], ({ state }) => (state === 'lost' ? { state } : {}));

  it('is nothing that it does not know or cannot read', () => {
    const given = { state: 'nonsense', utm_source: 'chat' };
    expect({ ...given, ...validateSearch(given) }).toEqual({ state: undefined, utm_source: undefined });
    expect({ ...given, ...validateSearch({ ...given, state: 'lost' }) }).toMatchObject({ state: 'lost' });
  });

  it('is what the link said, not what a chat wrote behind it', () => {
    expect(parseSearchText('?from=2026-01-02&from=singlemessage')).toEqual({ from: '2026-01-02' });
  });
});
