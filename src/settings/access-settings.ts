import { type AccountRole, accountRoles } from '../domain/rights.js';
import { parseIssuer, parseNetworks, parseOneOf, parseRoleOfGroup, parseText, setting } from './setting.js';

/** Settings of who comes in, and from where (docs/people.md). */
export const accessSettings = {
  oidcIssuer: setting<string | undefined>(
    'EARSHOT_OIDC_ISSUER',
    parseIssuer,
    undefined,
    'OpenID provider that people sign in with, beside local accounts',
    'none',
  ),
  oidcClientId: setting<string | undefined>(
    'EARSHOT_OIDC_CLIENT_ID',
    parseText,
    undefined,
    'what Earshot is called there',
    'none',
  ),
  oidcClientSecret: {
    ...setting<string | undefined>(
      'EARSHOT_OIDC_CLIENT_SECRET',
      parseText,
      undefined,
      'its secret there; none for a public client',
      'none',
    ),
    isSecret: true as const,
  },
  oidcName: setting('EARSHOT_OIDC_NAME', parseText, 'Single sign-on', 'what the sign-in button says'),
  oidcScopes: setting('EARSHOT_OIDC_SCOPES', parseText, 'openid profile email', 'what is asked for there'),
  oidcRolesClaim: setting(
    'EARSHOT_OIDC_ROLES_CLAIM',
    parseText,
    'groups',
    'claim that holds the groups of whoever signs in; a dot looks inside',
  ),
  oidcRoles: setting<ReadonlyMap<string, AccountRole>>(
    'EARSHOT_OIDC_ROLES',
    parseRoleOfGroup,
    new Map(),
    'which group has which role: `GROUP=administrator,OTHER=reviewer`',
    'none',
  ),
  oidcDefaultRole: setting<AccountRole | undefined>(
    'EARSHOT_OIDC_DEFAULT_ROLE',
    parseOneOf(accountRoles),
    undefined,
    'role of those whose groups have none',
    'none: they are refused',
  ),
  signOnNetworks: setting<readonly string[]>(
    'EARSHOT_SIGN_ON_NETWORKS',
    parseNetworks,
    [],
    'forbidden networks (CIDR) that are allowed for the OpenID provider all the same',
    'none',
  ),
  trustedProxies: setting<readonly string[]>(
    'EARSHOT_TRUSTED_PROXIES',
    parseNetworks,
    [],
    'networks (CIDR) of proxies whose X-Forwarded-For is believed: the audit log and the throttle go by it',
    'none',
  ),
};
