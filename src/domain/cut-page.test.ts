import { describe, expect, it } from 'vitest';
import { cutPage, maxPageBytes } from './cut-page.js';

const rows = (count: number, length: number) =>
  Array.from({ length: count }, (_, id) => ({ id, text: 'x'.repeat(length) }));

const same = <Row>(row: Row): Row => row;

describe('a page', () => {
  it('ends with its limit, and tells by one row more that there are others', () => {
    expect(cutPage(rows(3, 1), 3, same)).toEqual({ items: rows(3, 1) });
    expect(cutPage(rows(4, 1), 3, same)).toEqual({ items: rows(3, 1), last: rows(4, 1)[2] });
    expect(cutPage([], 3, same)).toEqual({ items: [] });
  });

  it('ends earlier where items are large, wherever in them that is', () => {
    for (const wrap of [same, (row: object) => ({ of: [{ row }] })]) {
      const { items, last } = cutPage(rows(9, maxPageBytes / 4), 8, wrap);
      expect(items).toHaveLength(3);
      expect(last?.id).toBe(2);
    }
  });

  it('has one item at least, however large, and makes nothing beyond it', () => {
    let made = 0;
    const { items, last } = cutPage(rows(9, maxPageBytes * 2), 8, (row) => {
      made++;
      return row;
    });
    expect([items.length, last?.id, made]).toEqual([1, 0, 2]);
  });
});
