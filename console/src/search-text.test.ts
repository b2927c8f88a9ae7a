import { describe, expect, it } from 'vitest';
import { parseSearchText, writeSearchText } from './search-text.ts';

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
