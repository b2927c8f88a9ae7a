import type * as wire from '../contract/session.js';
import { csrfTokenOf, publicSessionId, type OpenedSession, provenUntil } from '../access/session-service.js';
import { rightsOf } from '../domain/rights.js';
import type { Account, Session } from '../store/accounts.js';
import { known, toInstant, toInstantWhereKnown } from './json-values.js';

/** What a browser learns of this server and of the account that is signed in. */
export function toSessionStateJson(
  server: Pick<wire.SessionState, 'setupNeeded' | 'version' | 'hasPasskeys'> & {
    readonly singleSignOn?: wire.SessionState['singleSignOn'] | undefined;
  },
  opened: OpenedSession | undefined,
): wire.SessionState {
  const { setupNeeded, version, hasPasskeys, singleSignOn } = server;
  if (!opened) return known({ setupNeeded, version, hasPasskeys, singleSignOn });
  const { account, token, session } = opened;
  return known({
    setupNeeded,
    version,
    hasPasskeys,
    singleSignOn,
    account: known({
      id: account.id,
      name: account.name,
      displayName: account.displayName,
      role: account.role,
      rights: [...rightsOf(account)],
      hasPassword: account.hasPassword,
      hasSecondFactor: account.hasSecondFactor,
    }),
    csrfToken: csrfTokenOf(token),
    expiresAt: toInstant(session.expiresAt),
    provenUntil: toInstant(provenUntil(session)),
  });
}

export function toOpenSessionJson(
  session: Session,
  thisHash: string | undefined,
): wire.OpenSessions['items'][number] {
  return known({
    id: publicSessionId(session.hash),
    isThis: session.hash === thisHash,
    createdAt: toInstant(session.createdAt),
    lastSeenAt: toInstant(session.lastSeenAt),
    address: session.address,
    userAgent: session.userAgent,
  });
}

export function toPersonJson(account: Account): wire.Person {
  return known({
    id: account.id,
    name: account.name,
    displayName: account.displayName,
    role: account.role,
    mayListen: account.mayListen,
    mayDownload: account.mayDownload,
    rights: [...rightsOf(account)],
    signsInBy: [
      ...(account.hasPassword ? (['password'] as const) : []),
      ...(account.identity ? (['single-sign-on'] as const) : []),
    ],
    hasSecondFactor: account.hasSecondFactor,
    isDisabled: account.isDisabled,
    createdAt: toInstant(account.createdAt),
    lastSeenAt: toInstantWhereKnown(account.lastSeenAt),
  });
}
