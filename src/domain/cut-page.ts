/**
 * Most bytes of one page of a list, or of the feed, roughly: whoever asks for more items than fit gets the others with the
 * next page. A page of items of the usual size is a tenth of it. One item may be larger by itself.
 */
export const maxPageBytes = 2 * 1024 * 1024;

/**
 * The items of a page, of rows of which one more was read than `limit`; `last` is the row of its last one where there
 * are more. Nothing beyond the page is made of its row.
 */
export function cutPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): { readonly items: Item[]; readonly last?: Row } {
  const items: Item[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, limit)) {
    const item = toItem(row);
    bytes += roughBytes(item);
    if (bytes > maxPageBytes && items.length > 0) break;
    items.push(item);
  }
  const last = rows[items.length - 1];
  return rows.length > items.length && last !== undefined ? { items, last } : { items };
}

/** What an item takes in JSON, within a factor of three: texts count as many bytes as they have units. */
function roughBytes(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 2;
  for (const [name, member] of Object.entries(value)) bytes += name.length + 4 + roughBytes(member);
  return bytes;
}
