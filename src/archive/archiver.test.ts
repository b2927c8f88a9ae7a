import type { RequestListener, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeWav } from '../../test/support/audio-samples.js';
import { objectHeaders, openDownloadBench, sendObject, sha256 } from '../../test/support/download-bench.js';
import { openTestClient } from '../../test/support/test-client.js';
import type { ClaimedDownload, ClaimRequest, Downloads, Settlement } from '../store/recordings.js';
import { createArchiver, type Archiver } from './archiver.js';
import { defaultArchiverSettings, type ArchiverSettings } from './archiver-settings.js';
import { patience } from '../../test/support/test-run.js';

const wav = makeWav({ seconds: 10 });
const now = Date.parse('2025-05-22T00:00:00Z');

/** Hands out what lies in `due`, in that order; what happens to it is remembered, not interpreted. */
class ScriptedDownloads implements Downloads {
  due: ClaimedDownload[] = [];
  blocked = 0;
  readonly calls: string[] = [];
  readonly claims: ClaimRequest[] = [];
  readonly settled: Settlement[] = [];
  readonly renewed: number[] = [];
  lostIds = new Set<string>();
  failing = { claim: 0, renew: 0, settle: 0 };

  claim(request: ClaimRequest) {
    this.calls.push('claim');
    this.claims.push(request);
    if (this.failing.claim-- > 0) return Promise.reject(new Error('busy'));
    return Promise.resolve(this.due.splice(0, request.limit));
  }
  renew(leases: readonly { id: string; generation: number }[], until: number) {
    if (this.failing.renew-- > 0) return Promise.reject(new Error('busy'));
    this.renewed.push(until);
    return Promise.resolve(leases.map(({ id }) => id).filter((id) => !this.lostIds.has(id)));
  }
  settle(settlement: Settlement) {
    if (this.failing.settle-- > 0) return Promise.reject(new Error('busy'));
    this.settled.push(settlement);
    return Promise.resolve(true);
  }
  unblock(_now: number, limit: number) {
    this.calls.push('unblock');
    const count = Math.min(limit, this.blocked);
    this.blocked -= count;
    return Promise.resolve(count);
  }
}

const noRecordings = {
  recordings: { get: () => Promise.resolve(undefined) },
  recordingsWriter: { retryNow: () => Promise.resolve('unknown' as const) },
};

let bench: Awaited<ReturnType<typeof openDownloadBench>>;
let downloads: ScriptedDownloads;
let archiver: Archiver | undefined;
let logged: string;
let bytes: (readonly [source: string, bytes: number])[];
const unbounded = { recordingBytes: 0, recordingBytesPerDay: undefined };
let days: Record<string, { recordingBytes: number; recordingBytesPerDay: number }>;
const { client } = openTestClient();

beforeEach(async () => {
  bench = await openDownloadBench();
  downloads = new ScriptedDownloads();
  logged = '';
  bytes = [];
  days = {};
});
afterEach(async () => {
  await archiver?.stop();
  archiver = undefined;
  await bench.close();
});

function startArchiver(settings: Partial<ArchiverSettings> = {}) {
  const stream = new PassThrough().on('data', (line: Buffer) => (logged += line.toString()));
  const verdicts: string[] = [];
  archiver = createArchiver({
    ...{ downloads, client, storage: bench.storage, allowsHost: () => true, ...noRecordings },
    hostsOf: () => () => true,
    ...{ dayOf: (source) => days[source] ?? unbounded, onBytes: (...brought) => bytes.push(brought) },
    ...{ clock: () => now, stopwatch: () => 0, random: () => 0.5, log: pino({ level: 'info' }, stream) },
    settings: { ...defaultArchiverSettings, pollMs: 10, renewMs: 20, ...settings },
    onAttempt: (_, verdict) => verdicts.push(verdict),
  });
  archiver.start();
  return { archiver, verdicts };
}

const due = (id: string, port: number, more: Partial<ClaimedDownload> = {}): ClaimedDownload => ({
  ...{ id, generation: 1, until: now + 10_000, callId: `call-${id}`, forced: false },
  ...{ attempts: 0, lateAttempts: 0 },
  ...{
    link: `http://127.0.0.1:${port}/${id}?Signature=geheim`,
    host: 'h',
    path: `/${id}`,
    source: 'default',
  },
  ...{ deadlineAt: now + 86_400_000, firstReceivedAt: now },
  ...more,
});

/** A storage whose answers wait until the test lets them go. */
async function serveHeld() {
  const held: ServerResponse[] = [];
  const hold: RequestListener = (_, response) => held.push(response);
  return { held, port: await bench.peers.serve(hold) };
}
const serveWav = () => bench.peers.serve((_, response) => sendObject(response, wav));
const kinds = () => downloads.settled.map(({ id, verdict }) => `${id} ${verdict.kind}`);

describe('the archiver', () => {
  it('commits what it holds whole, although the deadline has passed', async () => {
    const draft = await bench.storage.openDraft('a');
    await draft.write(wav);
    await draft.abandon({ isWhole: true, sha256: sha256(wav) });
    const past = { deadlineAt: now - 1, attempts: 5 };
    downloads.due = [due('a', 1, past)];
    startArchiver();
    await expect.poll(() => kinds()).toEqual(['a archived']);
  });

  it('puts off what its source has no room for today, without a question or an attempt', async () => {
    let asked = 0;
    const port = await bench.peers.serve((_, response) => {
      asked++;
      sendObject(response, wav);
    });
    days['full'] = { recordingBytes: 200, recordingBytesPerDay: 100 };
    days['over'] = { recordingBytes: 100, recordingBytesPerDay: 100 };
    const dying = { deadlineAt: now + 60_000 };
    downloads.due = [
      due('a', port, { source: 'full', ...dying }),
      due('b', port, { source: 'over' }),
      due('c', port, { source: 'over', ...dying }),
      due('d', port),
    ];
    const { verdicts } = startArchiver();
    await expect.poll(() => downloads.settled).toHaveLength(4);
    expect(kinds().sort()).toEqual(['a put-off', 'b put-off', 'c archived', 'd archived']);
    const put = downloads.settled.filter(({ verdict }) => verdict.kind === 'put-off');
    for (const settled of put) {
      expect(settled).not.toHaveProperty('attempt');
      expect(settled.verdict).toMatchObject({
        ...{ reason: 'source-over-limit', nextAttemptAt: now + 3_600_000 },
      });
    }
    expect(asked).toBe(2);
    expect(verdicts).toEqual(['archived', 'archived']);
    expect([...bytes].sort()).toEqual([
      ['default', wav.length],
      ['over', wav.length],
    ]);
  });

  it('commits what it holds whole, and keeps what has begun, of a source that has no room today', async () => {
    for (const [id, mark] of [
      ['a', { isWhole: true, sha256: sha256(wav) }],
      ['b', { etag: '"e"', sha256: sha256(wav.subarray(0, 100)) }],
    ] as const) {
      const draft = await bench.storage.openDraft(id);
      await draft.write(id === 'a' ? wav : wav.subarray(0, 100));
      await draft.abandon(mark);
    }
    days['full'] = { recordingBytes: 200, recordingBytesPerDay: 100 };
    downloads.due = [due('a', 1, { source: 'full' }), due('b', 1, { source: 'full' })];
    startArchiver();
    await expect.poll(() => kinds().sort()).toEqual(['a archived', 'b put-off']);
    expect((await bench.storage.openDraft('b')).kept.bytes).toBe(100);
  });

  it('turns what is due into assets and settles it with its attempt', async () => {
    const port = await serveWav();
    downloads.due = ['a', 'b', 'c'].map((id) => due(id, port));
    const { verdicts } = startArchiver();
    await expect.poll(() => downloads.settled).toHaveLength(3);
    expect(kinds().sort()).toEqual(['a archived', 'b archived', 'c archived']);
    expect(downloads.settled[0]).toMatchObject({
      generation: 1,
      now,
      attempt: { outcome: 'ok', status: 200 },
    });
    expect(verdicts).toEqual(['archived', 'archived', 'archived']);
  });

  it('notices what becomes due while it is idle', async () => {
    startArchiver();
    await expect.poll(() => downloads.claims.length).toBeGreaterThan(2);
    downloads.due = [due('late', await serveWav())];
    await expect.poll(() => kinds()).toEqual(['late archived']);
  });

  it('fills its slots, no more, and a slot that frees at once', async () => {
    const { held, port } = await serveHeld();
    downloads.due = Array.from({ length: 5 }, (_, i) => due(`r${i}`, port));
    const { archiver } = startArchiver({ concurrency: 3, pollMs: 3_600_000 });
    await expect.poll(() => held).toHaveLength(3);
    expect(archiver.running()).toBe(3);
    sendObject(held[0]!, wav);
    await expect.poll(() => held).toHaveLength(4);
    expect(downloads.claims[0]).toMatchObject({ limit: 3, perHost: 1, leaseMs: 10_000, running: {} });
    expect(downloads.claims[1]).toMatchObject({ limit: 1, running: { h: 2 } });
  });

  it('tries again later what failed, and writes one record of it without the link', async () => {
    const port = await bench.peers.serve((_, response) => response.writeHead(404).end());
    downloads.due = [due('a', port, { attempts: 2 })];
    startArchiver();
    await expect.poll(() => downloads.settled).toHaveLength(1);
    expect(downloads.settled[0]?.verdict).toEqual({ kind: 'retry', nextAttemptAt: now + 8_000 });
    await expect.poll(() => logged).not.toBe('');
    expect(JSON.parse(logged)).toMatchObject({
      ...{ msg: 'download', recordingId: 'a', callId: 'call-a', host: 'h', attempt: 3, outcome: 'retry' },
      ...{ reason: 'not-found', status: 404, bytes: 0, ms: 0, state: 'retry', nextAttemptAt: now + 8_000 },
    });
    expect(logged).not.toContain('geheim');
  });

  it('gives nothing up that the storage has not been asked for once more', async () => {
    const asked: unknown[] = [];
    const port = await bench.peers.serve((request, response) => {
      asked.push(request.url?.slice(1, 2));
      if (request.url?.startsWith('/c')) sendObject(response, wav);
      else response.writeHead(request.url?.startsWith('/b') ? 503 : 404).end();
    });
    const late = { deadlineAt: now - 1, attempts: 3 };
    // The server's own clock is years ahead of ours: by that, too, the deadline has passed.
    downloads.due = ['a', 'b', 'c'].map((id) => due(id, port, late));
    startArchiver();
    await expect.poll(() => downloads.settled).toHaveLength(3);
    expect(asked.sort()).toEqual(['a', 'b', 'c']);
    expect(kinds().sort()).toEqual(['a lost', 'b retry', 'c archived']);
    expect(downloads.settled.find(({ id }) => id === 'a')?.attempt).toMatchObject({ reason: 'not-found' });
  });

  it('asks for a link that came odd in every spelling, one in each attempt', async () => {
    const asked: unknown[] = [];
    const port = await bench.peers.serve((request, response) => {
      asked.push(request.url);
      response.writeHead(404).end();
    });
    const link = `http://127.0.0.1:${port}/a?x=1&amp;y=2`;
    for (const attempts of [0, 1, 2]) {
      downloads.due = [due('a', port, { link, attempts })];
      if (attempts === 0) startArchiver();
      await expect.poll(() => asked).toHaveLength(attempts + 1);
    }
    expect(asked).toEqual(['/a?x=1&y=2', '/a?x=1&amp;y=2', '/a?x=1&y=2']);
  });

  it('makes all that is blocked due again before its first claim', async () => {
    downloads.blocked = 1_200;
    startArchiver();
    await expect.poll(() => downloads.calls).toContain('claim');
    expect(downloads.calls.slice(0, 5)).toEqual(['unblock', 'unblock', 'unblock', 'unblock', 'claim']);
    expect(downloads.blocked).toBe(0);
  });

  it('outlives a store that fails', async () => {
    downloads.failing = { claim: 3, renew: 0, settle: 1 };
    downloads.due = [due('a', await serveWav())];
    startArchiver();
    await expect.poll(() => kinds()).toEqual(['a archived']);
  });
});

describe('a lease', () => {
  it('is renewed while its download runs', async () => {
    const { held, port } = await serveHeld();
    downloads.due = [due('a', port)];
    startArchiver();
    await expect.poll(() => downloads.renewed.length).toBeGreaterThan(2);
    expect(downloads.renewed[0]).toBe(now + 10_000);
    sendObject(held[0]!, wav);
    await expect.poll(() => kinds()).toEqual(['a archived']);
  });

  it('that is lost ends its download, which then settles nothing', async () => {
    const { held, port } = await serveHeld();
    downloads.due = [due('a', port)];
    const { archiver } = startArchiver();
    await expect.poll(() => held).toHaveLength(1);
    downloads.lostIds.add('a');
    await expect.poll(() => archiver.running()).toBe(0);
    expect(downloads.settled).toEqual([]);
  });

  it('counts as lost when it has run out and cannot be renewed', async () => {
    const { held, port } = await serveHeld();
    downloads.failing.renew = Infinity;
    downloads.due = [due('young', port), due('old', port, { until: now })];
    const { archiver } = startArchiver({ renewMs: 500 });
    await expect.poll(() => held).toHaveLength(2);
    await expect.poll(() => archiver.running()).toBe(1);
  });

  it('on a recording that still runs here waits until the earlier run is over', async () => {
    const { held, port } = await serveHeld();
    downloads.due = [due('a', port)];
    startArchiver();
    await expect.poll(() => held).toHaveLength(1);
    downloads.due = [due('a', port, { generation: 2 })];
    await expect.poll(() => held).toHaveLength(2);
    sendObject(held[1]!, wav);
    await expect.poll(() => kinds()).toEqual(['a archived']);
    expect(downloads.settled[0]?.generation).toBe(2);
  });
});

describe('stopping', () => {
  it('releases what runs within a second and keeps its bytes', async () => {
    const port = await bench.peers.serve((_, response) => {
      response.writeHead(200, objectHeaders(wav)).write(wav.subarray(0, 40_000));
    });
    downloads.due = ['a', 'b'].map((id) => due(id, port));
    const { archiver } = startArchiver();
    await expect.poll(() => bench.draftFiles()).toHaveLength(2);
    const stoppingAt = performance.now();
    await archiver.stop();
    expect(performance.now() - stoppingAt).toBeLessThan(1_000 * patience);
    expect(archiver.running()).toBe(0);
    expect(kinds().sort()).toEqual(['a released', 'b released']);
    expect(downloads.settled[0]?.attempt).toMatchObject({ outcome: 'aborted', reason: 'stopped' });
  });

  it('releases what a claim under way brings', async () => {
    const { held, port } = await serveHeld();
    let answer = (_: ClaimedDownload[]): void => undefined;
    vi.spyOn(downloads, 'claim').mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    const { archiver } = startArchiver();
    await expect.poll(() => downloads.claim).toHaveBeenCalled();
    const stopped = archiver.stop();
    answer([due('a', port)]);
    await stopped;
    expect(kinds()).toEqual(['a released']);
    expect(held).toEqual([]);
  });

  it('claims nothing afterwards', async () => {
    const { archiver } = startArchiver({ pollMs: 1 });
    await expect.poll(() => downloads.claims.length).toBeGreaterThan(0);
    await archiver.stop();
    await archiver.stop();
    const claims = downloads.claims.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(downloads.claims.length).toBe(claims);
  });
});
