import { resolve } from 'node:path';
import { AppError } from '../domain/errors.js';
import { type ProcessRole, processRoles } from '../store/shared-roles.js';
import type { Setting } from './setting.js';
import { readConfigFile, readSettingFile } from './settings-file.js';
import { type SettingName, type SettingOrigin, settings, type Settings } from './settings.js';

export interface Config extends Settings {
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>;
}

/** Values given on the command line, as text, by setting. */
export type Flags = Readonly<Partial<Record<SettingName, string>>>;

const names = Object.keys(settings) as SettingName[];

/**
 * Reads every setting: flag, then environment (`EARSHOT_X`, or `EARSHOT_X_FILE` naming a file that holds
 * it), then `earshot.json` in the working directory, then the default. The only reader of the environment.
 * @throws AppError `setting-unknown` or `setting-invalid`, naming the setting and never a secret's value.
 */
export function readConfig(
  flags: Flags = {},
  environment: NodeJS.ProcessEnv = process.env,
  workingDirectory: string = process.cwd(),
  coming: Coming = {},
): Config {
  refuseUnknown(environment);
  const file = readConfigFile(resolve(workingDirectory, 'earshot.json'));
  const values: Record<string, unknown> = {};
  const origins: Record<string, SettingOrigin> = {};
  for (const name of names) {
    const given = findGiven(name, flags, environment, file);
    const setting = settings[name] as Setting<unknown>;
    values[name] = given ? parse(setting, given) : setting.fallback;
    origins[name] = given?.origin ?? 'default';
  }
  const settled = origins as Record<SettingName, SettingOrigin>;
  return { ...settleTogether(values as unknown as Settings, settled, coming), origins: settled };
}

interface Given {
  readonly text: string;
  readonly origin: SettingOrigin;
}

function findGiven(
  name: SettingName,
  flags: Flags,
  environment: NodeJS.ProcessEnv,
  file: ReadonlyMap<string, string>,
): Given | undefined {
  const variable = settings[name].name;
  const flag = flags[name];
  if (flag !== undefined) return { text: flag, origin: 'flag' };
  const fromEnvironment = environment[variable];
  if (fromEnvironment !== undefined) return { text: fromEnvironment, origin: 'environment' };
  const path = environment[`${variable}_FILE`];
  if (path !== undefined) return { text: readSettingFile(variable, path), origin: 'file' };
  const fromFile = file.get(variable) ?? file.get(name);
  return fromFile === undefined ? undefined : { text: fromFile, origin: 'earshot.json' };
}

function parse(setting: Setting<unknown>, { text, origin }: Given): unknown {
  try {
    refuseWrapped(text);
    return setting.parse(text);
  } catch (error) {
    throw new AppError('setting-invalid', `${setting.name} (from ${origin}): ${(error as Error).message}.`);
  }
}

/** Quotes that a shell would have taken off, and files in another encoding: what is meant is clear, and not what is written. */
function refuseWrapped(text: string): void {
  if (/[\0\ufffd]/.test(text)) throw new Error('it is no text in UTF-8: a file in UTF-16, perhaps');
  if (/^\s*(["'`]).*\1\s*$/s.test(text) || /^\s*[“‘「『].*[”’」』]\s*$/s.test(text))
    throw new Error('it stands in quotes, which are part of the value here: leave them out');
}

function refuseUnknown(environment: NodeJS.ProcessEnv): void {
  const variables = new Set<string>(names.map((name) => settings[name].name));
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('EARSHOT_')) continue;
    if (!variables.has(variable) && !variables.has(variable.replace(/_FILE$/, ''))) {
      throw new AppError(
        'setting-unknown',
        `The environment holds ${variable}, which is no setting of Earshot.`,
      );
    }
  }
}

/** Those that say something about a database that others keep. */
const databaseSettings = ['inbox', 'databaseConnections', 'spoolMaxBytes', 'keepMonths'] as const;

/** An embedded store has one process, which runs every part; once these three were all there was. */
const soleProcessRoles: readonly ProcessRole[] = ['intake', 'archive', 'api'];

/** What settings may be for already, although nothing is there yet: where recordings are being moved to. */
export interface Coming {
  readonly storageUrl?: string;
}

/**
 * The settings where they go together. A setting that would have no meaning is refused: one that is silently ignored
 * is worse than none.
 * @throws AppError `setting-invalid`, naming the setting and what it would need.
 */
function settleTogether(
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
    return { ...settled, roles: processRoles };
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

/** Of settings that work and are hardly meant where several processes share a database: a sentence each. */
export function adviseOn(config: Config): string[] {
  if (config.databaseUrl === undefined) return [];
  const advice: string[] = [];
  const uses = (...roles: readonly string[]): boolean => config.roles.some((role) => roles.includes(role));
  if (config.storageUrl === undefined && uses('archive', 'api')) {
    advice.push(
      'Recordings are kept in the data folder of this process, where no other process finds them. ' +
        'Set EARSHOT_STORAGE_URL to what all of them reach: s3://…, or file:///… on a shared file system.',
    );
  }
  if (config.publicUrl === undefined && uses('deliver', 'api')) {
    advice.push(
      'Links to recordings lead to the address that this process listens on. ' +
        'Set EARSHOT_PUBLIC_URL to the one under which the outside reaches all processes.',
    );
  }
  return advice;
}

/** As a URL, without a trailing slash. */
export function toUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Of a server of this process: an address that stands for all of them is reached by loopback. */
export function toNearUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  const near: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  return toUrl({ host: near[host] ?? host, port });
}
