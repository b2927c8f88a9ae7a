import { accessSync, constants, existsSync, statfsSync, writeFileSync } from 'node:fs';
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { openEmbeddedData, type EmbeddedData } from '../open-data.js';
import { checkStorage, isObjectStorage, recordingsDir } from '../open-storage.js';

/** One thing looked at. Where it is not well, `remedy` is the command that mends it. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}

const lowDiskBytes = 2 * 1024 ** 3;
const atRiskMs = 24 * 60 * 60 * 1000;
/** No instant before this version was written can be right. */
const earliestNow = Date.UTC(2026, 0, 1);
const maxOverdueShown = 500;

/** Looks at everything that a running Earshot depends on; each failure names the command that mends it. */
export async function examine(config: Config, now: number): Promise<Finding[]> {
  const findings = [checkFolder(config.dataDir), checkDisk('disk space', config.dataDir), checkClock(now)];
  const recordings = recordingsDir(config);
  if (existsSync(recordings)) findings.push(checkDisk('disk space for recordings', recordings));
  findings.push(...(await checkObjectStorage(config)));
  if (!findings[0]?.ok) return findings;
  let data: EmbeddedData;
  try {
    data = openEmbeddedData(config.dataDir);
  } catch (error) {
    const detail = (error as Error).message;
    return [
      ...findings,
      { name: 'store', ok: false, detail, remedy: remedyForStore(config.dataDir, detail) },
    ];
  }
  try {
    findings.push(checkIntegrity(data, config.dataDir));
    findings.push(...(await checkLinks(data, now)), await checkQuarantine(data));
  } catch (error) {
    const detail = (error as Error).message;
    findings.push({ name: 'store', ok: false, detail, remedy: remedyForStore(config.dataDir, detail) });
  } finally {
    await data.close();
  }
  return findings;
}

function checkFolder(dataDir: string): Finding {
  const probe = join(dataDir, `.doctor-${process.pid}`);
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    writeFileSync(probe, 'x');
    unlinkSync(probe);
    return { name: 'data folder', ok: true, detail: `${dataDir} can be written` };
  } catch (error) {
    return {
      name: 'data folder',
      ok: false,
      detail: `${dataDir} cannot be written: ${(error as Error).message}`,
      remedy: existsSync(dataDir)
        ? `chown -R "$(id -u)" '${dataDir}' && chmod u+rwx '${dataDir}'`
        : `mkdir -p '${dataDir}'`,
    };
  }
}

function checkDisk(name: string, folder: string): Finding {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
    if (free >= lowDiskBytes) return { name, ok: true, detail };
    return {
      name,
      ok: false,
      detail,
      remedy: `du -xh --max-depth=1 '${folder}' | sort -h   # then free space, or move it with EARSHOT_DATA_DIR or EARSHOT_STORAGE_URL`,
    };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: `${folder}: ${(error as Error).message}`,
      remedy: `mkdir -p '${folder}'`,
    };
  }
}

async function checkObjectStorage(config: Config): Promise<Finding[]> {
  if (!isObjectStorage(config.storageUrl)) return [];
  const name = 'object storage';
  const wrong = await checkStorage(config);
  if (wrong === undefined) return [{ name, ok: true, detail: 'an object was written, read and removed' }];
  const remedy =
    'set EARSHOT_STORAGE_URL, EARSHOT_S3_ACCESS_KEY_ID and EARSHOT_S3_SECRET_ACCESS_KEY   # docs/settings.md; what is downloaded waits in the data folder';
  return [{ name, ok: false, detail: wrong, remedy }];
}

function checkClock(now: number): Finding {
  const detail = `it is ${new Date(now).toISOString()}`;
  // Deadlines are instants: a clock that is wrong loses recordings without a word.
  if (now >= earliestNow) return { name: 'clock', ok: true, detail };
  return {
    name: 'clock',
    ok: false,
    detail: `${detail}, which is in the past`,
    remedy: 'timedatectl set-ntp true',
  };
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

async function checkLinks(data: EmbeddedData, now: number): Promise<Finding[]> {
  const pending = await data.recordings.list({ state: 'pending', limit: maxOverdueShown });
  const soon = pending.items.filter(({ deadlineAt }) => deadlineAt < now + atRiskMs);
  const blocked = (await data.recordings.counts()).blocked;
  const findings: Finding[] = [];
  if (soon.length === 0) {
    findings.push({ name: 'links at risk', ok: true, detail: 'no pending recording dies within 24 hours' });
  } else {
    const first = soon[0];
    findings.push({
      name: 'links at risk',
      ok: false,
      detail: `${soon.length === maxOverdueShown ? 'at least ' : ''}${soon.length} pending recordings die within 24 hours, the first (${first?.id ?? ''}) at ${new Date(first?.deadlineAt ?? now).toISOString()}; last reason: ${first?.reason ?? 'none yet'}`,
      remedy:
        'npm start   # the archiver takes the earliest deadlines first; see GET /api/v1/recordings?state=pending for reasons',
    });
  }
  if (blocked > 0) {
    findings.push({
      name: 'blocked recordings',
      ok: false,
      detail: `${blocked} recordings wait because their host or address is not allowed`,
      remedy:
        'set EARSHOT_RECORDING_HOSTS or EARSHOT_ALLOW_NETWORKS to allow what you trust, then start again',
    });
  }
  return findings;
}

async function checkQuarantine(data: EmbeddedData): Promise<Finding> {
  const count = await data.quarantine.count();
  // Something in quarantine is nobody's failure: it is kept, and waits for a look.
  return {
    name: 'quarantine',
    ok: true,
    detail: count === 0 ? 'empty' : `${count} items wait for a look: GET /api/v1/quarantine`,
  };
}
