/**
 * The query of an address as plain text under names. The router's own way reads values as JSON: an id of twenty
 * digits would come back as a rounded number.
 */
export function parseSearchText(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** With its `?`; nothing where there is nothing to say. What is undefined or empty is left out. */
export function writeSearchText(search: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}
