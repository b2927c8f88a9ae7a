import { hashOfToken } from '../access/session-token.js';
import type { Clock } from '../domain/clock.js';
import type { Setup } from '../store/accounts.js';
import { makeSecret } from './secrets.js';

/**
 * A link that makes the first account; undefined where there is one already. Its token is in the fragment, which
 * browsers send to nobody, and holds for a day, or until somebody has used any such link.
 */
export async function makeSetupLink(
  { setup }: { readonly setup: Setup },
  publicUrl: string,
  clock: Clock,
): Promise<string | undefined> {
  if (!(await setup.isNeeded())) return undefined;
  const token = makeSecret();
  await setup.addToken(hashOfToken(token), clock());
  return `${publicUrl}/setup#token=${token}`;
}
