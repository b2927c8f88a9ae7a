import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWav } from '../../test/support/audio-samples.js';
import { objectHeaders, openDownloadBench, sendObject, sha256 } from '../../test/support/download-bench.js';
import { until } from '../../test/support/until.js';

const wav = makeWav({ seconds: 100 });
const half = wav.subarray(0, 400_000);
const etag = objectHeaders(wav).etag;
const asked: IncomingMessage[] = [];
let bench: Awaited<ReturnType<typeof openDownloadBench>>;
beforeEach(async () => {
  asked.length = 0;
  bench = await openDownloadBench();
});
afterEach(() => bench.close());

/** Sends the first half, and when that has arrived the connection is cut. */
function cutOff(_: IncomingMessage, response: ServerResponse) {
  response.writeHead(200, objectHeaders(wav));
  void bench.cutOff(response, half);
}

/** What the vendor's storage answers to a Range that it can serve. */
function sendRest(request: IncomingMessage, response: ServerResponse, more: Record<string, string> = {}) {
  asked.push(request);
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
  const { 'content-md5': _md5, ...headers } = objectHeaders(wav);
  response.writeHead(206, {
    ...headers,
    'content-length': String(wav.length - start),
    'content-range': `bytes ${start}-${wav.length - 1}/${wav.length}`,
    ...more,
  });
  response.end(wav.subarray(start));
}

const sendAll = (request: IncomingMessage, response: ServerResponse) => {
  asked.push(request);
  sendObject(response, wav);
};

const archivedWhole = { kind: 'archived', asset: { bytes: wav.length, sha256: sha256(wav), seconds: 100 } };

describe('a download that was cut off', () => {
  it('is continued from where it was, by Range and the ETag it began with', async () => {
    const port = await bench.serve(cutOff, sendRest);
    expect(await bench.failureOf(port)).toMatchObject({ outcome: 'retry' });
    const { result, attempt } = await bench.attempt(port);
    expect(result).toMatchObject(archivedWhole);
    const kept = attempt.resumedFrom!;
    expect(kept).toBeGreaterThan(0);
    expect(attempt.bytes).toBe(wav.length - kept);
    expect(asked[0]?.headers).toMatchObject({ range: `bytes=${kept}-`, 'if-range': etag });
    expect((await readFile(join(bench.folder, '2025-05-22/1001_2002-r1.wav'))).equals(wav)).toBe(true);
    expect(await bench.draftFiles()).toEqual([]);
  });

  it('starts anew when the object is another one by now (200 instead of 206)', async () => {
    const port = await bench.serve(cutOff, sendAll);
    await bench.failureOf(port);
    const { result, attempt } = await bench.attempt(port);
    expect(result).toMatchObject(archivedWhole);
    expect(attempt.resumedFrom).toBeUndefined();
  });

  it.each([
    ['another range', { 'content-range': `bytes 5-${wav.length - 1}/${wav.length}` }],
    ['no range', { 'content-range': '' }],
    ['only a part', { 'content-range': `bytes 400000-400009/${wav.length}` }],
    ['another object', { etag: '"another"' }],
  ])('starts anew, at once, when the 206 holds %s', async (_, headers) => {
    const port = await bench.serve(cutOff, (q, r) => sendRest(q, r, headers), sendAll);
    await bench.failureOf(port);
    const { result, attempt } = await bench.attempt(port);
    expect(result).toMatchObject(archivedWhole);
    expect(attempt).toMatchObject({ status: 200, bytes: wav.length });
    expect(asked[1]?.headers.range).toBeUndefined();
  });

  it('starts anew, at once, when the range cannot be satisfied', async () => {
    const port = await bench.serve(cutOff, (_, response) => response.writeHead(416).end(), sendAll);
    await bench.failureOf(port);
    expect((await bench.attempt(port)).result).toMatchObject(archivedWhole);
  });

  it('starts anew when the kept bytes were damaged meanwhile', async () => {
    const port = await bench.serve(cutOff, sendRest, sendAll);
    await bench.failureOf(port);
    const part = join(bench.folder, '.drafts', 'r1.part');
    const kept = await readFile(part);
    await writeFile(part, Buffer.alloc(kept.length));
    const { result, attempt } = await bench.attempt(port);
    expect(result).toMatchObject(archivedWhole);
    expect(attempt.resumedFrom).toBeUndefined();
  });

  it('starts anew after a continuation that does not give the right bytes', async () => {
    const wrongRest = (request: IncomingMessage, response: ServerResponse) => {
      sendRest(request, response, { 'x-oss-hash-crc64ecma': '1' });
    };
    const port = await bench.serve(cutOff, wrongRest, sendAll);
    await bench.failureOf(port);
    expect(await bench.failureOf(port)).toMatchObject({ reason: 'wrong-checksum' });
    expect((await bench.attempt(port)).attempt.resumedFrom).toBeUndefined();
  });

  it('keeps its bytes through attempts that get no body', async () => {
    const busy = (_: IncomingMessage, response: ServerResponse) => response.writeHead(503).end();
    const port = await bench.serve(cutOff, busy, busy, sendRest);
    for (const reason of ['truncated', 'throttled', 'throttled']) {
      const failure = await bench.failureOf(port);
      expect(['connection-reset', reason]).toContain('reason' in failure ? failure.reason : failure.kind);
    }
    expect((await bench.attempt(port)).attempt.resumedFrom).toBeGreaterThan(0);
  });

  it('is not continued when the storage gave no strong ETag', async () => {
    const weak = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { ...objectHeaders(wav), etag: 'W/"x"' });
      void bench.cutOff(response, half);
    };
    const port = await bench.serve(weak, sendAll);
    await bench.failureOf(port);
    await bench.attempt(port);
    expect(asked[0]?.headers.range).toBeUndefined();
  });

  it('leaves nothing behind once the link has expired', async () => {
    const text = '<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>';
    const port = await bench.serve(cutOff, (_, response) => response.writeHead(403).end(text));
    await bench.failureOf(port);
    expect(await bench.failureOf(port)).toMatchObject({ reason: 'expired' });
    expect(await bench.draftFiles()).toEqual([]);
  });

  it('keeps its bytes when we stop it', async () => {
    const stopping = new AbortController();
    const stall = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, objectHeaders(wav)).write(wav.subarray(0, 700_000));
    };
    const port = await bench.serve(stall, sendRest);
    const running = bench.attempt(port, { signal: stopping.signal });
    const draft = join(bench.folder, '.drafts', 'r1.part');
    await until(async () => (await stat(draft)).size > 0, { what: 'some bytes are kept' });
    stopping.abort();
    expect((await running).attempt).toMatchObject({ outcome: 'aborted', reason: 'stopped' });
    expect((await bench.attempt(port)).attempt.resumedFrom).toBeGreaterThan(500_000);
  });
});
