/**
 * The query of an address as plain text under names. The router's own way reads values as JSON: an id of twenty
 * digits would come back as a rounded number. Of a name that stands there twice the first counts: what chats add to a
 * link they add behind it (`&from=singlemessage`).
 */
export function parseSearchText(query: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) if (!found.has(name)) found.set(name, value);
  return Object.fromEntries(found);
}

/** With its `?`; nothing where there is nothing to say. What is undefined or empty is left out. */
export function writeSearchText(search: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Names that the page understands in its address. */
    readonly parameters?: readonly string[];
  }
}

/**
 * The part of a route that says what its page takes from the address. What `read` leaves out is passed over, and so is
 * every name that the page does not know: the router by itself would hand on whatever stands there.
 */
export function takesFromAddress<Search extends object>(
  parameters: readonly (keyof Search & string)[],
  read: (given: Readonly<Record<string, unknown>>) => Search,
) {
  return {
    validateSearch: (given: Record<string, unknown>): Search => ({
      ...Object.fromEntries(Object.keys(given).map((name) => [name, undefined])),
      ...read(given),
    }),
    staticData: { parameters },
  };
}
