import type { Setting } from './setting.js';
import { type SettingName, type SettingOrigin, settings } from './settings.js';
import { type Config, toUrl } from './config.js';

/** Every setting as a row of docs/settings.md. */
export function settingRows(): string[] {
  return Object.entries(settings).map(([key, given]) => {
    const setting = given as Setting<unknown>;
    const flag = setting.isSecret ? 'none' : `\`--${toFlag(key)}\``;
    return `| \`${setting.name}\` | ${flag} | ${setting.fallbackText.replaceAll('|', '\\|')} | ${setting.meaning} |`;
  });
}

/** `dataDir` is `--data-dir`. */
export function toFlag(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export interface DescribedSetting {
  readonly name: string;
  readonly value: string;
  readonly origin: SettingOrigin;
  readonly meaning: string;
}

/** Every setting as it is in force, and where it came from; secrets are redacted. */
export function describeConfig(config: Config): DescribedSetting[] {
  return (Object.keys(settings) as SettingName[]).map((key) => {
    const setting = settings[key] as Setting<unknown>;
    const origin = config.origins[key];
    return {
      name: setting.name,
      value:
        key === 'publicUrl' ? (config.publicUrl ?? toUrl(config)) : describe(setting, config[key], origin),
      origin,
      meaning: setting.meaning,
    };
  });
}

function describe(setting: Setting<unknown>, value: unknown, origin: SettingOrigin): string {
  if (origin === 'default') return setting.fallbackText;
  if (setting.isSecret) return setting.toShown?.(value) ?? '[redacted]';
  if (value instanceof Map) return [...value].map(([group, role]) => `${group}=${role}`).join(',');
  return String(value);
}
