import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toVerdict } from '../../src/archive/verdict.js';
import type { AssetStorage } from '../../src/storage/asset-storage.js';
import { makeWav } from '../support/audio-samples.js';
import { openDownloadBench, sendObject, sha256 } from '../support/download-bench.js';
import { openFaultyProxy } from '../support/faulty-proxy.js';
import { useS3Server } from '../support/s3-server.js';
import { openTestS3 } from '../support/s3-storage-under-test.js';

// A recording that was downloaded whole while the storage was away, on every storage.

const wav = makeWav({ seconds: 5 });
const fileName = '2025-05-22/1001_2002-r1.wav';
const expired = '<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>';

interface Breakable {
  readonly bench: Awaited<ReturnType<typeof openDownloadBench>>;
  readonly draftsDir: string;
  breakDown(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** A folder stands where the file belongs. */
async function openBreakableDisk(): Promise<Breakable> {
  const bench = await openDownloadBench();
  const inTheWay = join(bench.folder, fileName);
  return {
    bench,
    draftsDir: join(bench.folder, '.drafts'),
    breakDown: async () => {
      await mkdir(join(inTheWay, 'x'), { recursive: true });
    },
    mend: () => rm(inTheWay, { recursive: true }),
    close: () => bench.close(),
  };
}

const server = useS3Server();

async function openBreakableS3(): Promise<Breakable> {
  const proxy = await openFaultyProxy(server().port);
  const s3 = await openTestS3(server(), { endpoint: proxy.origin });
  const bench = await openDownloadBench(s3.storage);
  return {
    bench,
    draftsDir: s3.stagingDir,
    breakDown: () => {
      proxy.fault = () => ({ status: 500 });
      return Promise.resolve();
    },
    mend: () => {
      proxy.fault = () => undefined;
      return Promise.resolve();
    },
    close: async () => {
      await bench.close();
      await s3.close();
      await proxy.close();
    },
  };
}

async function contentOf(storage: AssetStorage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await storage.read(fileName)) chunks.push(chunk as Uint8Array);
  return sha256(Buffer.concat(chunks));
}

describe.each([
  ['a disk', openBreakableDisk],
  ['an S3 server', openBreakableS3],
])('a recording that was downloaded whole while %s was away', (_, open) => {
  let at: Breakable;
  let asked: number;
  let isExpired: boolean;
  let port: number;
  beforeEach(async () => {
    at = await open();
    [asked, isExpired] = [0, false];
    port = await at.bench.serve((_request, response) => {
      asked++;
      if (isExpired) response.writeHead(403).end(expired);
      else sendObject(response, wav);
    });
    await at.breakDown();
    expect(await at.bench.failureOf(port)).toMatchObject({ reason: 'storage-failed', isHeld: true });
    expect(await at.bench.storage.wholeDrafts()).toEqual(['r1']);
  });
  afterEach(() => at.close());

  it('is committed by the next attempt, which asks its sender for nothing', async () => {
    await at.mend();
    const { result, attempt } = await at.bench.attempt(port);
    expect(result).toMatchObject({ kind: 'archived', asset: { sha256: sha256(wav), seconds: 5, fileName } });
    expect(attempt).toMatchObject({ outcome: 'ok', bytes: 0, resumedFrom: wav.length });
    expect([asked, await contentOf(at.bench.storage)]).toEqual([1, sha256(wav)]);
    expect(await at.bench.storage.wholeDrafts()).toEqual([]);
  });

  it('is not lost with its link', async () => {
    isExpired = true;
    for (let hour = 0; hour < 3; hour++) {
      expect(await at.bench.failureOf(port)).toMatchObject({ reason: 'storage-failed', isHeld: true });
    }
    await at.mend();
    expect((await at.bench.attempt(port)).result).toMatchObject({ kind: 'archived' });
  });

  it('is tried on beyond its deadline, where another would be lost', async () => {
    const { result } = await at.bench.attempt(port);
    const verdictOf = (more: object) =>
      result.kind === 'failed' &&
      toVerdict(
        { attempts: 3, lateAttempts: 11, deadlineAt: 1_000, firstReceivedAt: 0, link: 'http://h.example/' },
        { result: { kind: 'failed', failure: { ...result.failure, ...more } }, at: 1_500 },
        2_000,
        () => 0.5,
      );
    expect(verdictOf({})).toMatchObject({ kind: 'retry' });
    expect(verdictOf({ isHeld: undefined, reason: 'server-error' })).toMatchObject({
      kind: 'lost',
      reason: 'deadline-passed',
    });
  });

  it('is downloaded anew when its bytes were damaged meanwhile', async () => {
    await writeFile(join(at.draftsDir, 'r1.part'), Buffer.alloc(wav.length));
    await at.mend();
    const { result, attempt } = await at.bench.attempt(port);
    expect(result).toMatchObject({ kind: 'archived', asset: { sha256: sha256(wav) } });
    expect([asked, attempt.bytes, attempt.resumedFrom]).toEqual([2, wav.length, undefined]);
    expect(await contentOf(at.bench.storage)).toBe(sha256(wav));
  });

  it('is not swept away while attempts go on', async () => {
    expect(await at.bench.storage.sweepDrafts(Date.now() - 3_600_000).catch(() => 0)).toBe(0);
    expect(await at.bench.storage.wholeDrafts()).toEqual(['r1']);
  });
});
