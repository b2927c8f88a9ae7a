import type { IncomingMessage } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMp3, makeWav } from '../../test/support/audio-samples.js';
import {
  md5,
  objectHeaders,
  openDownloadBench,
  sendObject,
  sha256,
} from '../../test/support/download-bench.js';

const wav = makeWav({ seconds: 30 });
let bench: Awaited<ReturnType<typeof openDownloadBench>>;
beforeEach(async () => {
  bench = await openDownloadBench();
});
afterEach(() => bench.close());

describe('a download', () => {
  it('is verified, described and kept under a name that a person finds', async () => {
    const port = await bench.serve((_, response) => sendObject(response, wav));
    const { result, attempt: record } = await bench.attempt(port, { claim: { durationSeconds: 31 } });
    expect(result).toMatchObject({
      kind: 'archived',
      flags: [],
      asset: {
        ...{ bytes: wav.length, sha256: sha256(wav), fileName: '2025-05-22/1001_2002-r1.wav' },
        ...{ container: 'wav', codec: 'alaw', channels: 1, sampleRate: 8000, seconds: 30 },
      },
    });
    expect(record).toMatchObject({
      outcome: 'ok',
      reason: 'archived',
      status: 200,
      address: '127.0.0.1',
      bytes: wav.length,
    });
    expect((await readFile(join(bench.folder, '2025-05-22/1001_2002-r1.wav'))).equals(wav)).toBe(true);
    expect(await bench.draftFiles()).toEqual([]);
  });

  it('asks with GET for the link byte for byte, and for bytes as they are stored', async () => {
    let asked: IncomingMessage | undefined;
    const port = await bench.serve((request, response) => {
      asked = request;
      sendObject(response, wav);
    });
    await bench.attempt(port);
    expect(asked).toMatchObject({ method: 'GET', url: '/1^2_record.wav?Signature=geheim%2b' });
    expect(asked?.headers['accept-encoding']).toBe('identity');
  });

  it('takes its extension from the bytes, whatever name and content type claim', async () => {
    const mp3 = makeMp3(10);
    const port = await bench.serve((_, response) =>
      sendObject(response, mp3, { 'content-type': 'audio/wav' }),
    );
    const { result } = await bench.attempt(port);
    expect(result).toMatchObject({ asset: { container: 'mp3', fileName: '2025-05-22/1001_2002-r1.mp3' } });
  });

  it('is flagged when the audio is much shorter than the call', async () => {
    const port = await bench.serve((_, response) => sendObject(response, wav));
    expect((await bench.attempt(port, { claim: { durationSeconds: 100 } })).result).toMatchObject({
      flags: ['short'],
    });
  });

  it('needs no checksum from the storage', async () => {
    const port = await bench.serve((_, response) => response.end(wav));
    expect((await bench.attempt(port)).result).toMatchObject({
      kind: 'archived',
      asset: { sha256: sha256(wav) },
    });
  });

  it.each([
    '"0123456789ABCDEF0123456789ABCDEF"',
    '"0123456789abcdef0123456789abcdef"',
    '"0123456789ABCDEF0123456789ABCDEF-3"',
    '0123456789ABCDEF0123456789ABCDEF',
  ])('takes no ETag for a proof of the bytes: %s', async (etag) => {
    const port = await bench.serve((_, response) => {
      const { 'content-md5': _md5, ...headers } = objectHeaders(wav);
      response.writeHead(200, { ...headers, etag, 'x-oss-object-type': 'Appendable' }).end(wav);
    });
    expect((await bench.attempt(port)).result.kind).toBe('archived');
  });
});

describe('a download that fails', () => {
  const wrong = Buffer.from(wav);
  wrong[wrong.length - 1]! ^= 1;

  it.each([
    ['CRC-64', { 'x-oss-hash-crc64ecma': '1', etag: '"x-1"', 'content-md5': '' }],
    [
      'Content-MD5',
      { 'x-oss-hash-crc64ecma': '', etag: '"x-1"', 'content-md5': md5(wrong).toString('base64') },
    ],
  ])('is told when only the %s differs, and starts anew', async (_, headers) => {
    const port = await bench.serve((_request, response) => sendObject(response, wav, headers));
    expect(await bench.failureOf(port)).toMatchObject({ outcome: 'retry', reason: 'wrong-checksum' });
    expect(await bench.draftFiles()).toEqual([]);
  });

  it.each([
    ['an HTML page', '<html><body>busy</body></html>'],
    ['an XML page', '<?xml version="1.0"?><Error><Code>X</Code><Message>y</Message></Error>'],
    ['an empty body', ''],
    ['something else', '{"no":"audio"}'.repeat(100)],
  ])('is no audio when a 200 holds %s', async (_, text) => {
    const port = await bench.serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'audio/wav' }).end(text),
    );
    expect(await bench.failureOf(port)).toMatchObject({ outcome: 'retry', reason: 'not-audio' });
    expect(await bench.draftFiles()).toEqual([]);
  });

  it('does not read an endless page to its end', async () => {
    const port = await bench.serve((_, response) => {
      const more = () => {
        while (response.write(`<html>${' '.repeat(60_000)}`));
      };
      response.on('drain', more);
      more();
    });
    expect(await bench.failureOf(port)).toMatchObject({ reason: 'not-audio', detail: 'an HTML page' });
  });

  it('is told by status: expired, forbidden, not there, busy, broken, moved', async () => {
    const xml = (code: string, message: string) =>
      `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    const cases: [number, string, Record<string, string>, object][] = [
      [403, xml('AccessDenied', 'Request has expired.'), {}, { outcome: 'refuse', reason: 'expired' }],
      [403, xml('SignatureDoesNotMatch', 'no'), {}, { reason: 'forbidden', pace: 'slow' }],
      [404, xml('NoSuchKey', 'no'), {}, { reason: 'not-found', detail: 'NoSuchKey: no' }],
      [503, '', { 'retry-after': '7' }, { reason: 'throttled', retryAfterMs: 7_000 }],
      [500, '', {}, { reason: 'server-error' }],
      [302, '', { location: 'http://169.254.169.254/' }, { outcome: 'retry', reason: 'redirect' }],
    ];
    for (const [status, body, headers, failure] of cases) {
      const port = await bench.serve((_, response) => response.writeHead(status, headers).end(body));
      expect(await bench.failureOf(port)).toMatchObject(failure);
    }
  });

  it('is blocked for a host that is not on the list, and for an address that is not allowed', async () => {
    const refused = await bench.failureOf(80, { claim: { link: 'http://evil.test/?Signature=geheim' } });
    expect(refused).toMatchObject({ outcome: 'refuse', reason: 'host-not-allowed' });
    const narrow = { source: 'narrow' };
    const link = 'http://other.oss-cn-hangzhou.aliyuncs.com/?Signature=geheim';
    expect(await bench.failureOf(80, { claim: { ...narrow, link } })).toMatchObject({
      ...{ outcome: 'refuse', reason: 'host-not-of-source' },
    });
    // What no source may is told as that.
    expect(
      await bench.failureOf(80, { claim: { ...narrow, link: 'http://evil.test/?Signature=geheim' } }),
    ).toMatchObject({ reason: 'host-not-allowed' });
    const { result, attempt: record } = await bench.attempt(80, {
      client: { allow: [], hosts: { 'bucket.oss-cn-hangzhou.aliyuncs.com': ['10.0.0.7'] } },
    });
    expect(result).toMatchObject({ failure: { outcome: 'refuse', reason: 'address-not-allowed' } });
    expect(record.address).toBe('10.0.0.7');
  });

  it('is too large by its head, or by what keeps coming', async () => {
    const settings = { maxBytes: 100_000 };
    const announced = await bench.serve((_, response) => sendObject(response, wav));
    expect(await bench.failureOf(announced, { settings })).toMatchObject({
      reason: 'too-large',
      pace: 'slow',
    });
    const endless = await bench.serve((_, response) => {
      response.on('drain', () => response.write(wav));
      response.write(wav);
    });
    expect(await bench.failureOf(endless, { settings })).toMatchObject({ reason: 'too-large' });
    expect(await bench.draftFiles()).toEqual([]);
  });

  it('times out on a silent head, a silent body and a slow drip', async () => {
    const mute = await bench.serve(() => undefined);
    expect(await bench.failureOf(mute, { settings: { headTimeoutMs: 100 } })).toMatchObject({
      reason: 'timeout',
    });
    const half = await bench.serve((_, response) =>
      response.writeHead(200, objectHeaders(wav)).write(wav.subarray(0, 9_999)),
    );
    expect(await bench.failureOf(half, { settings: { idleTimeoutMs: 100 } })).toMatchObject({
      reason: 'timeout',
    });
    const drip = await bench.serve((_, response) => {
      response.writeHead(200, objectHeaders(wav)).write(wav.subarray(0, 100));
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await bench.failureOf(drip, { settings: { totalTimeoutMs: 200 } })).toMatchObject({
      reason: 'timeout',
    });
  });

  it('is a failure of storage when the bytes cannot be kept', async () => {
    const port = await bench.serve((_, response) => sendObject(response, wav));
    const busy = await bench.storage.openDraft('r1');
    expect(await bench.failureOf(port)).toMatchObject({ outcome: 'retry', reason: 'storage-failed' });
    await busy.abandon();
  });
});
