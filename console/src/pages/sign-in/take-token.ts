/**
 * The one-time token of the set-up link. It stands behind `#`, which browsers send to nobody; where it was
 * typed as a query it is taken out of the address all the same, so that it stays in no history.
 */
export function takeToken(): string | undefined {
  const { hash, search, pathname } = window.location;
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? new URLSearchParams(search).get('token');
  if (token === null || token === '') return undefined;
  window.history.replaceState(window.history.state, '', pathname);
  return token;
}
