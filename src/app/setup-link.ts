import { hashOfToken } from '../access/session-token.js';
import type { Clock } from '../domain/clock.js';
import type { MainStore } from './main-store.js';
import { makeSecret } from './secrets.js';

/**
 * The link that makes the first account, once the store is there; undefined where there is one already. Its token is in
 * the fragment, which browsers send to nobody, and holds until somebody has used the link of any start.
 */
export async function makeSetupLink(
  { setup, ready }: Pick<MainStore, 'setup' | 'ready'>,
  publicUrl: string,
  clock: Clock,
): Promise<string | undefined> {
  await ready;
  if (!(await setup.isNeeded())) return undefined;
  const token = makeSecret();
  await setup.addToken(hashOfToken(token), clock());
  return `${publicUrl}/setup#token=${token}`;
}
