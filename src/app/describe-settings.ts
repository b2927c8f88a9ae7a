import type { Setting } from './setting.js';
import { settings } from './settings.js';

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
