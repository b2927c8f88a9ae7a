import type { Config } from '../config.js';
import { toUrl } from '../to-url.js';
import type { Setting } from '../setting.js';
import { settings, type SettingName, type SettingOrigin } from '../settings.js';

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
