import { randomUUID } from 'node:crypto';
import { admit } from '../access/admit.js';
import { Auditor } from '../access/auditor.js';
import { PasskeyService } from '../access/passkey-service.js';
import { SessionService, hashOfToken } from '../access/session-service.js';
import { SignInService } from '../access/sign-in-service.js';
import type { Clock } from '../domain/clock.js';
import type { PeopleArea, SingleSignOnParts } from '../http/areas.js';
import type { CommonRoles } from '../store/common-roles.js';
import type { accessSettings } from '../settings/access-settings.js';
import { makeSecret } from '../sources/secrets.js';
import type { Settings } from '../settings/settings.js';
import type { Setup } from '../store/accounts.js';

type AccessStore = Pick<
  CommonRoles,
  'accounts' | 'secondFactors' | 'passkeys' | 'sessions' | 'signInFailures' | 'auditLog' | 'linkKeys'
>;

export interface PeopleParts {
  readonly config: SingleSignOnConfig & Pick<Settings, 'publicUrl'>;
  readonly store: AccessStore & Pick<CommonRoles, 'setup' | 'apiKeys' | 'auditLogReader'>;
  readonly administratorKeyHash: () => string;
  readonly publicUrl: () => string;
  readonly version: string;
  readonly clock: Clock;
}

/** Accounts, sessions, keys and the audit log for the API; `close` ends connections to where people sign in elsewhere. */
export async function createPeople(
  parts: PeopleParts,
): Promise<{ readonly area: PeopleArea; close(): void }> {
  const { config, store, administratorKeyHash, publicUrl, version, clock } = parts;
  const { accounts, setup, sessions, secondFactors, passkeys, apiKeys, auditLogReader } = store;
  const access = createAccess(store, config.publicUrl, clock);
  const elsewhere = await createSingleSignOn(config, store, access, clock);
  return {
    area: {
      ...{ accounts, setup, sessions, secondFactors, passkeys, apiKeys, auditLogReader },
      ...access,
      ...(elsewhere ? { singleSignOn: elsewhere.singleSignOn } : {}),
      ...{ administratorKeyHash, publicUrl, version, clock },
    },
    close: () => elsewhere?.close(),
  };
}

/** Who signs in, and what the audit log keeps of what they do. */
export function createAccess(store: AccessStore, publicUrl: string | undefined, clock: Clock) {
  return {
    auditor: new Auditor(store.auditLog, clock),
    sessionService: new SessionService({ ...store, newSecret: makeSecret, clock }),
    signInService: new SignInService({ ...store, clock }),
    passkeyService: new PasskeyService({ ...store, publicUrl, clock }),
    newSecret: makeSecret,
    newId: () => randomUUID(),
  };
}

export type SingleSignOnConfig = Pick<Settings, keyof typeof accessSettings>;

/** Signing in elsewhere, where the settings name a place: only then is its code loaded. `close` ends its connections. */
export async function createSingleSignOn(
  config: SingleSignOnConfig,
  store: AccessStore,
  { auditor, newId }: Pick<ReturnType<typeof createAccess>, 'auditor' | 'newId'>,
  clock: Clock,
): Promise<{ singleSignOn: SingleSignOnParts; close: () => void } | undefined> {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config;
  if (issuer === undefined || clientId === undefined) return undefined;
  const [{ createFetchThrough, SingleSignOn }, { createGuardedClient }, { createAddressGuard }] =
    await Promise.all([
      import('../access/single-sign-on.js'),
      import('../net/guarded-fetch.js'),
      import('../net/address-guard.js'),
    ]);
  const client = createGuardedClient({ guard: createAddressGuard(config.signOnNetworks) });
  const { oidcScopes: scopes, oidcRolesClaim: rolesClaim, oidcDefaultRole: defaultRole } = config;
  const provider = new SingleSignOn(
    { issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }), scopes, rolesClaim },
    createFetchThrough(client),
    clock,
  );
  const rules = {
    ...{ rolesClaim, roles: config.oidcRoles },
    ...(defaultRole === undefined ? {} : { defaultRole }),
  };
  return {
    singleSignOn: {
      name: config.oidcName,
      provider,
      admit: (admission, address) =>
        admit(admission, address, { accounts: store.accounts, auditor, rules, newId, clock }),
    },
    close: () => {
      client.close();
    },
  };
}

/**
 * A link that makes the first account; undefined where there is one already. Its token is in the fragment, which
 * browsers never send. It holds for a day, or until any such link was used.
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
