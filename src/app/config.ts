import { readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { AppError } from '../domain/errors.js';
import type { Setting } from './setting.js';
import { settings, type SettingName, type SettingOrigin, type Settings } from './settings.js';
import { settleTogether, type Coming } from './settings-together.js';

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

function readSettingFile(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new AppError(
      'setting-invalid',
      `${variable}_FILE names ${path}, which cannot be read: ${(error as Error).message}.`,
    );
  }
}

/** `earshot.json`: an object of settings, each by its variable's name or the short one (`port`, `dataDir`). */
function readConfigFile(path: string): ReadonlyMap<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new AppError('setting-invalid', `${path} cannot be read: ${(error as Error).message}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What the parser says quotes the text around the mistake, which may be a secret.
    throw new AppError('setting-invalid', `${path} is not JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('setting-invalid', `${path} holds no JSON object of settings.`);
  }
  const known = new Set<string>(names.flatMap((name) => [name, settings[name].name]));
  return new Map(
    Object.entries(value).map(([key, entry]: [string, unknown]) => {
      if (!known.has(key))
        throw new AppError('setting-unknown', `${path} holds ${key}, which is no setting of Earshot.`);
      return [key, toText(path, key, entry)];
    }),
  );
}

/** A setting's text: a text, a number, or a list of texts as one with commas. */
function toText(path: string, key: string, entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry === 'number') return String(entry);
  if (Array.isArray(entry) && entry.every((item) => typeof item === 'string')) return entry.join(',');
  throw new AppError('setting-invalid', `${path} holds ${key}, which is no text, number or list of texts.`);
}

/** The folders in which programs lie. */
export function searchPath(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** The supervisor that wants to hear of this process, where one does: systemd, as sd_notify(3) and sd_watchdog_enabled(3) say. */
export function readSupervisor(
  environment: NodeJS.ProcessEnv = process.env,
): { readonly watchdogMs: number | undefined } | undefined {
  if (!environment['NOTIFY_SOCKET']) return undefined;
  const { WATCHDOG_USEC, WATCHDOG_PID } = environment;
  const isOurs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  const watchdogMs = isOurs && Number(WATCHDOG_USEC) > 0 ? Number(WATCHDOG_USEC) / 1000 : undefined;
  return { watchdogMs };
}

/**
 * The S3 client warns at its first use of Node versions that its later releases will leave behind. Ours is pinned, and
 * an operator can do nothing about it. Must be called before the client is loaded, in each thread.
 */
export function quietS3Client(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
