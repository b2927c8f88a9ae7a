import type { Config } from '../config.js';
import { settings, type SettingName } from '../settings.js';
import { changeSettingsFile } from '../switch-settings.js';
import { moveMarksIn } from '../../store/sqlite/open-copy.js';
import { installEmbedded } from './install-embedded.js';
import type { MovePlan } from './move-plan.js';

export interface Switched {
  /** The file that the settings were written into. */
  readonly settingsFile?: string;
  /** Settings and their new values; null: it is to be taken out. A secret is not told. */
  readonly settings: Readonly<Record<string, string | null>>;
  /** Those that are given by flag, environment or file, where `earshot.json` does not reach. */
  readonly overridden: readonly string[];
  /** Where older files of an embedded store were set aside. */
  readonly setAside?: string;
}

/** Makes what was moved the truth: what starts from now on finds it there. */
export async function switchOver({
  config,
  plan,
  settingsFile,
}: {
  readonly config: Config;
  readonly plan: MovePlan;
  readonly settingsFile: string | undefined;
}): Promise<Switched> {
  let setAside: string | undefined;
  if (plan.store === 'embedded') {
    setAside = installEmbedded(config.dataDir, Date.now());
    await moveMarksIn(config.dataDir, () => '').setMovedTo(undefined);
  }
  const changed = Object.entries(plan.changes) as [SettingName, string | undefined][];
  const told = changed.filter(([name, text]) => text !== undefined || config.origins[name] !== 'default');
  if (settingsFile !== undefined) changeSettingsFile(settingsFile, Object.fromEntries(told));
  const overriding = told.filter(([name]) => !['default', 'earshot.json'].includes(config.origins[name]));
  return {
    ...(settingsFile === undefined ? {} : { settingsFile }),
    settings: Object.fromEntries(
      told.map(([name, text]) => [
        settings[name].name,
        'isSecret' in settings[name] && text ? '[as given]' : (text ?? null),
      ]),
    ),
    overridden: overriding.map(([name]) => settings[name].name),
    ...(setAside === undefined ? {} : { setAside }),
  };
}
