import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Config, type Flags, readConfig } from '../settings/config.js';
import { toFlag } from '../settings/describe-settings.js';
import type { Setting } from '../settings/setting.js';
import { type SettingName, settings } from '../settings/settings.js';
import { openServerClient, type ServerClient } from '../app/commands/server-client.js';

/** Gives a command a flag for each of the settings: `dataDir` is `--data-dir`. */
export function addSettingOptions(
  command: Command,
  names: readonly SettingName[] = Object.keys(settings) as SettingName[],
): Command {
  for (const name of names) {
    const setting = settings[name] as Setting<unknown>;
    const flag = toFlag(name);
    // A secret on a command line is seen by every user of the machine: those come by environment or file.
    if (setting.isSecret) continue;
    command.addOption(
      new Option(
        `--${flag} <value>`,
        `${setting.meaning} (${setting.name}; default: ${setting.fallbackText})`,
      ),
    );
  }
  return command;
}

/** The configuration under the flags that a command was given. `storageTo`: where a command moves recordings to. */
export function configOf(options: Readonly<Record<string, unknown>>, storageTo?: string): Config {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const value = options[name];
    if (typeof value === 'string') flags[name] = value;
  }
  const coming = storageTo === undefined ? {} : { storageUrl: storageTo };
  return readConfig(flags satisfies Flags, undefined, undefined, coming);
}

/** Flags of a command that speaks to a running server: where it is, and how to print. */
export function forServer(command: Command): Command {
  addSettingOptions(command, ['host', 'port', 'publicUrl', 'dataDir']);
  return command.option('--json', 'print for programs');
}

export function clientOf(options: Readonly<Record<string, unknown>>): ServerClient {
  return openServerClient(configOf(options), fetch);
}

/** The number that an option was given. */
export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new InvalidArgumentError('It is no number.');
  return number;
}

/** Of an option that may be repeated. */
export function collect(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}

/** Words separated by commas. */
export function parseWords(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  return words.filter((word) => word !== '');
}

/** Numbers separated by commas. */
export function parseNumbers(text: string): number[] {
  return parseWords(text).map(parseNumber);
}

/** A whole number that is 1 or more. */
export function parseCount(text: string): number {
  const count = parseNumber(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('It is no whole number from 1 on.');
  return count;
}
