import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AssetStorage } from './asset-storage.js';
import { openDiskStorage } from './disk.js';

// What any storage does is in test/conformance/describe-storage.ts; here is what only a disk can show.

let folder: string;
let root: string;
let storage: AssetStorage;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-disk-'));
  root = join(folder, 'data', 'recordings');
  storage = await openDiskStorage({ root });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const markOf = (bytes: string) => ({
  etag: '"E1"',
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
const fileOf = (name: string) => readFile(join(root, name), 'utf8');
const drafts = async () => (await readdir(join(root, '.drafts'))).sort();

async function keepDraft(id: string, bytes: string) {
  const draft = await storage.openDraft(id);
  await draft.write(Buffer.from(bytes));
  await draft.abandon(markOf(bytes));
}

describe('an asset on disk', () => {
  it('is seen under its name once it is committed, and not before', async () => {
    const draft = await storage.openDraft('r1');
    await draft.write(Buffer.from('hello '));
    await draft.write(Buffer.from('world'));
    expect(await storage.size('2025-05-22/a-r1.wav')).toBeUndefined();
    await draft.commit('2025-05-22/a-r1.wav');
    expect(await fileOf('2025-05-22/a-r1.wav')).toBe('hello world');
    expect(await storage.size('2025-05-22/a-r1.wav')).toBe(11);
    expect(await drafts()).toEqual([]);
  });

  it('is kept although somebody removed the folders meanwhile', async () => {
    await (await storage.openDraft('r0')).commit('day/a.wav');
    await rm(join(root, 'day'), { recursive: true });
    await rm(join(root, '.drafts'), { recursive: true });
    const draft = await storage.openDraft('r1');
    await draft.commit('day/b.wav');
    expect(await storage.size('day/b.wav')).toBe(0);
  });
});

describe('a name', () => {
  it('is an error of storage, not a crash, when a folder stands in its place', async () => {
    await mkdir(join(root, 'day', 'a.wav'), { recursive: true });
    const draft = await storage.openDraft('r1');
    await expect(draft.commit('day/a.wav')).rejects.toMatchObject({ code: 'io-failed' });
    await draft.abandon();
  });
});

describe('a draft', () => {
  it('leaves nothing when it is abandoned', async () => {
    const draft = await storage.openDraft('r1');
    await draft.write(Buffer.alloc(2_000_000));
    await draft.abandon();
    await draft.abandon();
    expect(await drafts()).toEqual([]);
  });

  it('trusts only the marked bytes of an attempt that was killed', async () => {
    await keepDraft('r1', 'marked');
    await writeFile(join(root, '.drafts', 'r1.part'), 'marked and then some');
    const draft = await storage.openDraft('r1');
    expect(draft.kept.bytes).toBe(6);
    await draft.abandon();
  });

  it.each([
    ['no mark', undefined],
    ['a torn mark', '{"bytes":6,"et'],
    ['a mark of more bytes than there are', JSON.stringify({ bytes: 99, ...markOf('x') })],
    ['a mark that says nothing', 'null'],
  ])('has no kept bytes with %s', async (_, mark) => {
    await writeFile(join(root, '.drafts', 'r1.part'), 'marked');
    if (mark !== undefined) await writeFile(join(root, '.drafts', 'r1.mark'), mark);
    const draft = await storage.openDraft('r1');
    expect(draft.kept).toEqual({ bytes: 0 });
    await draft.write(Buffer.from('new'));
    await draft.commit('day/a.wav');
    expect(await fileOf('day/a.wav')).toBe('new');
  });

  it('is swept away when nobody has written to it for long, unless it is open', async () => {
    for (const id of ['old', 'open', 'young']) await keepDraft(id, 'bytes');
    const longAgo = new Date('2020-01-01');
    for (const name of ['old.part', 'old.mark', 'open.part', 'open.mark']) {
      await utimes(join(root, '.drafts', name), longAgo, longAgo);
    }
    const draft = await storage.openDraft('open');
    expect(await storage.sweepDrafts(Date.parse('2021-01-01'))).toBe(1);
    expect(await drafts()).toEqual(['open.mark', 'open.part', 'young.mark', 'young.part']);
    await draft.abandon();
  });
});

/** A file system of one megabyte, for real; undefined where we may not mount one. */
function mountSmall(at: string): (() => void) | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
    return () => execFileSync('umount', [at]);
  } catch {
    return undefined;
  }
}

describe('a full disk', () => {
  it('is told from other failures, and writing goes on once there is space', async (test) => {
    const small = join(folder, 'small');
    await mkdir(small);
    const unmount = mountSmall(small);
    if (!unmount) test.skip('mounting needs root');
    try {
      const full = await openDiskStorage({ root: join(small, 'recordings') });
      const draft = await full.openDraft('r1');
      const fill = async () => {
        for (let i = 0; i < 4; i++) await draft.write(Buffer.alloc(600_000));
        await draft.commit('day/a.wav');
      };
      await expect(fill()).rejects.toMatchObject({ code: 'no-space' });
      await draft.abandon().catch(() => undefined);
      const next = await full.openDraft('r1');
      await next.write(Buffer.from('fits'));
      await next.commit('day/a.wav');
      expect(await full.size('day/a.wav')).toBe(4);
    } finally {
      unmount?.();
    }
  });
});
