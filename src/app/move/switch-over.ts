import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Config } from '../../settings/config.js';
import { type SettingName, settings } from '../../settings/settings.js';
import { changeSettingsFile } from '../../settings/settings-file.js';
import { isCopyFinished, moveMarksIn } from '../../store/sqlite/open-copy.js';
import type { MovePlan } from './move-plan.js';
import { sqliteFilesIn } from '../../store/sqlite/sqlite-files.js';
import { flushNames } from '../../storage/folder-sync.js';
import { makingFolderIn } from './store-ends.js';

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

/**
 * Puts an embedded store that was made beside it in its place. What lay there before, an older state from before an
 * earlier move, is set aside, not deleted. Repeated after an interruption it does what is left to do.
 * @returns the folder that older files were set aside in.
 */
export function installEmbedded(dataDir: string, now: number): string | undefined {
  const making = makingFolderIn(dataDir);
  const from = sqliteFilesIn(making);
  const to = sqliteFilesIn(dataDir);
  if (existsSync(making) && !isCopyFinished(making)) throw new Error(`${making} holds no whole copy`);
  const aside = join(dataDir, `before-move-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`);
  let isSetAside = false;
  // The store last: while it is missing, everybody sees that this is no store yet.
  for (const name of ['inbox', 'store'] as const) {
    if (!existsSync(from[name])) continue;
    if (existsSync(`${from[name]}-wal`)) throw new Error(`${from[name]} is not closed`);
    for (const old of [to[name], `${to[name]}-wal`, `${to[name]}-shm`]) {
      if (!existsSync(old)) continue;
      mkdirSync(aside, { recursive: true, mode: 0o700 });
      renameSync(old, join(aside, basename(old)));
      isSetAside = true;
    }
    renameSync(from[name], to[name]);
    flushNames(dataDir);
  }
  rmSync(making, { recursive: true, force: true });
  return isSetAside ? aside : undefined;
}
