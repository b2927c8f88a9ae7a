import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../settings/config.js';
import type { StorageFault } from '../../storage/probe-storage.js';
import { findFfmpeg } from '../../settings/environment.js';
import { type EmbeddedData, openEmbeddedData } from '../open-data.js';
import { checkLinks, checkQuarantine, checkSources, examineDatabase } from './doctor-database.js';
import {
  checkClock,
  checkDisk,
  checkFfmpeg,
  checkFolder,
  checkStorageClock,
  type Finding,
} from './doctor-machine.js';
import { checkStorage, isObjectStorage, recordingsDir } from '../open-storage.js';

/** Looks at everything that a running Earshot depends on; each failure names the command that mends it. */
export async function examine(config: Config, now: number): Promise<Finding[]> {
  const findings = [checkFolder(config.dataDir), checkDisk('disk space', config.dataDir), checkClock(now)];
  const recordings = recordingsDir(config);
  if (existsSync(recordings)) findings.push(checkDisk('disk space for recordings', recordings));
  findings.push(checkFfmpeg(findFfmpeg()));
  findings.push(...(await checkObjectStorage(config)));
  if (!findings[0]?.ok) return findings;
  const { databaseUrl } = config;
  const ofStore =
    databaseUrl === undefined
      ? await examineEmbedded(config, now)
      : await examineDatabase(config, databaseUrl, () => Date.now());
  return [...findings, ...ofStore];
}

async function examineEmbedded({ dataDir }: Config, now: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  let data: EmbeddedData | undefined;
  try {
    data = openEmbeddedData(dataDir);
    findings.push(checkIntegrity(data, dataDir));
    findings.push(...(await checkLinks(data, now)), await checkQuarantine(data), await checkSources(data));
  } catch (error) {
    const detail = (error as Error).message;
    findings.push({ name: 'store', ok: false, detail, remedy: remedyForStore(dataDir, detail) });
  } finally {
    await data?.close();
  }
  return findings;
}

async function checkObjectStorage(config: Config): Promise<Finding[]> {
  if (!isObjectStorage(config.storageUrl)) return checkFolders(config);
  const name = 'object storage';
  const { wrong, clockAheadMs } = await checkStorage(config);
  const clocks = clockAheadMs === undefined ? [] : [checkStorageClock(clockAheadMs)];
  if (!wrong) return [{ name, ok: true, detail: 'an object was written, read and removed' }, ...clocks];
  return [{ name, ok: false, detail: wrong.sentence, remedy: remedyForObjects(wrong.fault) }, ...clocks];
}

/** The remedy that fits the fault: right keys are not to be replaced. */
export function remedyForObjects(fault: StorageFault): string {
  const waits = 'what is downloaded waits in the data folder';
  switch (fault) {
    case 'keys':
      return `set EARSHOT_S3_ACCESS_KEY_ID and EARSHOT_S3_SECRET_ACCESS_KEY, with the rights that docs/settings.md names   # ${waits}`;
    case 'bucket-missing':
      return `make the bucket, or correct its name in EARSHOT_STORAGE_URL   # ${waits}`;
    case 'unreachable':
      return `curl -sI ENDPOINT   # of EARSHOT_STORAGE_URL: does it run, and is it reached from here; ${waits}`;
    case 'folder':
    case 'other':
      return `correct EARSHOT_STORAGE_URL, or what the sentence names   # docs/settings.md; ${waits}`;
  }
}

async function checkFolders(config: Config): Promise<Finding[]> {
  if (!existsSync(recordingsDir(config))) return [];
  const { wrong } = await checkStorage(config);
  if (!wrong) return [];
  const remedy =
    'set EARSHOT_STORAGE_URL to a folder on a local disk, or to an object storage   # docs/settings.md';
  return [{ name: 'recordings folder', ok: false, detail: wrong.sentence, remedy }];
}

function checkIntegrity(data: EmbeddedData, dataDir: string): Finding {
  const { inbox, store } = data.check();
  if (inbox === 'ok' && store === 'ok')
    return { name: 'store integrity', ok: true, detail: 'both files are sound' };
  const detail = store === 'ok' ? `inbox.db: ${inbox}` : `store.db: ${store}`;
  return { name: 'store integrity', ok: false, detail, remedy: remedyForStore(dataDir, detail) };
}

function remedyForStore(dataDir: string, detail: string): string {
  if (detail.includes('holds no Earshot data')) return 'npm start';
  const file = join(dataDir, detail.includes('inbox.db') ? 'inbox.db' : 'store.db');
  return `sqlite3 '${file}' .recover | sqlite3 '${file}.recovered'   # with Earshot stopped; or restore a backup`;
}
