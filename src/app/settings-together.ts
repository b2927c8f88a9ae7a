import { AppError } from '../domain/errors.js';
import { allRoles, type Role } from './roles.js';
import { settings, type SettingName, type SettingOrigin, type Settings } from './settings.js';

/** Those that say something about a database that others keep. */
const databaseSettings = ['inbox', 'databaseConnections', 'spoolMaxBytes', 'keepMonths'] as const;

/** An embedded store has one process, which runs every part; once these three were all there was. */
const soleProcessRoles: readonly Role[] = ['intake', 'archive', 'api'];

/** What settings may be for already, although nothing is there yet: where recordings are being moved to. */
export interface Coming {
  readonly storageUrl?: string;
}

/**
 * The settings where they go together. A setting that would have no meaning is refused: one that is silently ignored
 * is worse than none.
 * @throws AppError `setting-invalid`, naming the setting and what it would need.
 */
export function settleTogether(
  given: Settings,
  origins: Readonly<Record<SettingName, SettingOrigin>>,
  coming: Coming = {},
): Settings {
  const isGiven = (name: SettingName): boolean => origins[name] !== 'default';
  settleStorage(given, coming);
  settleSingleSignOn(given, isGiven);
  const settled = isGiven('endpointNetworks') ? given : { ...given, endpointNetworks: given.allowNetworks };
  if (given.databaseUrl === undefined) {
    const idle = databaseSettings.find(isGiven);
    if (idle) throw refuse(idle, 'it has a meaning only with EARSHOT_DATABASE_URL: leave it out');
    if (!soleProcessRoles.every((role) => given.roles.includes(role))) {
      throw refuse(
        'roles',
        'one process runs every part of the embedded store: leave it out, or say "all", or set EARSHOT_DATABASE_URL',
      );
    }
    return { ...settled, roles: allRoles };
  }
  if (given.inbox === 'store' && isGiven('spoolMaxBytes'))
    throw refuse(
      'spoolMaxBytes',
      'with EARSHOT_INBOX "store" no push waits in the data folder: leave it out',
    );
  return settled;
}

function settleStorage({ storageUrl, s3AccessKeyId, s3SecretAccessKey }: Settings, coming: Coming): void {
  if ((s3AccessKeyId === undefined) !== (s3SecretAccessKey === undefined)) {
    const missing = s3AccessKeyId === undefined ? 's3AccessKeyId' : 's3SecretAccessKey';
    throw refuse(missing, 'one of the two keys of the object storage is given and the other is not');
  }
  const hasUse = [storageUrl, coming.storageUrl].some((url) => url?.startsWith('s3:') === true);
  if (s3AccessKeyId !== undefined && !hasUse)
    throw refuse('s3AccessKeyId', 'it has a meaning only with EARSHOT_STORAGE_URL "s3://…": leave it out');
}

/** All but the first say how it is used. */
const singleSignOnSettings = [
  ...(['oidcIssuer', 'oidcClientId', 'oidcClientSecret', 'oidcName', 'oidcScopes'] as const),
  ...(['oidcRolesClaim', 'oidcRoles', 'oidcDefaultRole', 'signOnNetworks'] as const),
] as const;

function settleSingleSignOn(given: Settings, isGiven: (name: SettingName) => boolean): void {
  if (given.oidcIssuer === undefined) {
    const idle = singleSignOnSettings.find(isGiven);
    if (idle) throw refuse(idle, 'it has a meaning only with EARSHOT_OIDC_ISSUER: leave it out');
    return;
  }
  if (given.oidcClientId === undefined) throw refuse('oidcClientId', 'EARSHOT_OIDC_ISSUER needs it');
  if (given.oidcRoles.size === 0 && given.oidcDefaultRole === undefined)
    throw refuse('oidcRoles', 'without it and without EARSHOT_OIDC_DEFAULT_ROLE everybody would be refused');
}

function refuse(name: SettingName, why: string): AppError {
  return new AppError('setting-invalid', `${settings[name].name}: ${why}.`);
}
