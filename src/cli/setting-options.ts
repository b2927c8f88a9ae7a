import { Option, type Command } from 'commander';
import { readConfig, type Config, type Flags } from '../settings/config.js';
import { toFlag } from '../settings/describe-settings.js';
import type { Setting } from '../settings/setting.js';
import { settings, type SettingName } from '../settings/settings.js';

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
