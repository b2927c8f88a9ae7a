import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../domain/errors.js';
import { processGoneAfterMs } from '../../domain/lease.js';
import type { ProcessReport, SharedRoles } from '../../store/shared-roles.js';
import { InboxFileReader } from '../../store/sqlite/inbox-reader.js';
import { spoolFileIn } from '../../store/sqlite/open-sqlite-spool.js';
import { lockDataDir } from '../data-dir.js';

const askEveryMs = 1_000;

/** Keeps servers from a store while something is done that they would be in the way of. */
export interface Rest {
  /** Whether it is still so: on another machine nothing keeps a server from starting. */
  confirm(): Promise<boolean>;
  release(): void;
}

export interface RestParts {
  readonly dataDir: string;
  /** Of a store that other machines may work on. */
  readonly shared?: Pick<SharedRoles, 'processes' | 'toSharedClock'> | undefined;
  /** Called once, with who is in the way, where somebody is. */
  readonly onWaiting: (who: string) => void;
  /** Done again and again while somebody is. */
  readonly meanwhile: () => Promise<void>;
}

/**
 * Waits until no server works on the store: none on the data folder, whose lock is taken, and, where others may share
 * the store, none that has reported lately.
 */
export async function untilAtRest(parts: RestParts): Promise<Rest> {
  let isTold = false;
  for (;;) {
    const release = tryLock(parts.dataDir);
    const others = await listOthers(parts);
    if (release && others.length === 0) {
      await refuseSpooled(parts, release);
      return { release, confirm: async () => (await listOthers(parts)).length === 0 };
    }
    release?.();
    if (!isTold) parts.onWaiting(nameAll(others));
    isTold = true;
    await parts.meanwhile();
    await wait(askEveryMs);
  }
}

/** @throws AppError `move-refused` where a server works on the store that is to be filled. */
export async function refuseServed(shared: RestParts['shared'], place: string): Promise<void> {
  const others = shared ? await listOthers({ shared }) : [];
  if (others.length > 0)
    throw new AppError(
      'move-refused',
      `Earshot runs on ${place} already (${nameAll(others)}): stop it first.`,
    );
}

function tryLock(dataDir: string): (() => void) | undefined {
  try {
    return lockDataDir(dataDir);
  } catch (error) {
    if (error instanceof AppError && error.code === 'data-dir-in-use') return undefined;
    throw error;
  }
}

async function listOthers({ shared }: Pick<RestParts, 'shared'>): Promise<ProcessReport[]> {
  if (!shared) return [];
  const now = shared.toSharedClock(() => Date.now())();
  return await shared.processes.list(now - processGoneAfterMs);
}

function nameAll(others: readonly ProcessReport[]): string {
  return others.map(({ host, pid }) => `process ${pid} on ${host}`).join(', ');
}

/** Acknowledged pushes that are not in the database yet would be left behind. */
async function refuseSpooled({ dataDir, shared }: RestParts, release: () => void): Promise<void> {
  const file = spoolFileIn(dataDir);
  if (!shared || !existsSync(file)) return;
  const reader = new InboxFileReader(file);
  const { pending } = await reader.backlog(0);
  reader.close();
  if (pending === 0) return;
  release();
  throw new AppError(
    'move-refused',
    `${pending} pushes wait in ${file} for the database: start Earshot here once more, until they have arrived there.`,
  );
}
