import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeAdts,
  makeNoise,
  makeWav,
  makeWave,
  mp3Frame,
  mp3Frames,
} from '../../test/support/audio-samples.js';
import { objectHeaders, openDownloadBench, sendObject, sha256 } from '../../test/support/download-bench.js';

let bench: Awaited<ReturnType<typeof openDownloadBench>>;
beforeEach(async () => {
  bench = await openDownloadBench();
});
afterEach(() => bench.close());

async function archive(bytes: Uint8Array, headers: Record<string, string> = {}, durationSeconds = 14) {
  const port = await bench.serve((_, response) => sendObject(response, bytes, headers));
  const { result } = await bench.attempt(port, { claim: { durationSeconds } });
  if (result.kind !== 'archived') throw new Error(JSON.stringify(result));
  const kept = await readFile(join(bench.folder, result.asset.fileName));
  expect(sha256(kept)).toBe(result.asset.sha256);
  expect(kept).toHaveLength(result.asset.bytes);
  expect(await bench.draftFiles()).toEqual([]);
  return { ...result, kept };
}

async function refusalOf(bytes: Uint8Array, headers: Record<string, string> = {}) {
  const port = await bench.serve((_, response) => sendObject(response, bytes, headers));
  const failure = await bench.failureOf(port);
  expect(await bench.draftFiles()).toEqual([]);
  return failure;
}

describe('audio of any form is archived', () => {
  it.each([
    ['bit rates that change', mp3Frames(200, 1, 2, 3, 4, 5), 'mp3', 14.4],
    ['zeros in front', Buffer.concat([Buffer.alloc(4), mp3Frames(200, 2)]), 'mp3', 14.4],
    ['a single frame', mp3Frame(2), 'mp3', 0.072],
    ['a quiet beginning', Buffer.concat([mp3Frames(10, 1), mp3Frames(190, 8)]), 'mp3', 14.4],
    ['AAC', makeAdts(100), 'aac', 12.8],
  ])('with %s', async (_what, bytes, container, seconds) => {
    const { asset, kept } = await archive(bytes, {}, seconds);
    expect(asset).toMatchObject({ container, seconds });
    expect(kept.equals(bytes)).toBe(true);
  });

  it.each([
    ['A-law', Buffer.alloc(80_000, 0xd5)],
    ['L16', makeNoise(160_000)],
    ['SILK', Buffer.concat([Buffer.from('\x02#!SILK_V3', 'latin1'), makeNoise(2_000)])],
    ['a ZIP', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), makeNoise(2_000)])],
    ['a long text', Buffer.from(makeNoise(20_000).toString('base64'))],
  ])('exactly as it came where nothing here knows it: %s', async (_what, bytes) => {
    const { asset, flags, kept } = await archive(bytes);
    expect(asset).toMatchObject({ container: 'unrecognised', fileName: '2025-05-22/1001_2002-r1.bin' });
    expect(flags).toEqual(['unrecognised']);
    expect(kept.equals(bytes)).toBe(true);
  });

  it('and flagged where there is no sound in it', async () => {
    const bytes = makeWave({ tag: 1, blockAlign: 2, bits: 16, data: Buffer.alloc(0) });
    expect(await archive(bytes)).toMatchObject({ asset: { seconds: 0 }, flags: ['short', 'empty'] });
  });
});

describe('what is no recording', () => {
  it.each([
    ['\ufeff\n<!DOCTYPE html><p>busy', 'busy'],
    ['<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', 'NoSuchKey'],
    [' {"resultCode":"1"}', '{"resultCode":"1"}'],
    ['No recording of this call', 'No recording of this call'],
  ])('is tried again: %s', async (text, detail) => {
    const bytes = Buffer.from(text);
    expect(await refusalOf(bytes)).toMatchObject({ outcome: 'retry', reason: 'not-audio', detail });
    const packed = gzipSync(bytes);
    expect(await refusalOf(packed, { 'content-encoding': 'gzip' })).toMatchObject({
      reason: 'not-audio',
      detail,
    });
  });
});

describe('an object that its storage keeps packed', () => {
  const wav = makeWav({ seconds: 10 });

  it.each([
    ['gzip', gzipSync(wav)],
    ['x-gzip', gzipSync(wav)],
    ['GZIP', gzipSync(wav)],
    ['deflate', deflateSync(wav)],
    ['deflate', deflateRawSync(wav)],
    ['br', brotliCompressSync(wav)],
    ['identity, gzip', gzipSync(wav)],
    ['gzip, br', brotliCompressSync(gzipSync(wav))],
  ])('as %s is checked as sent and archived unpacked', async (coding, packed) => {
    const { asset, kept } = await archive(packed, { 'content-encoding': coding });
    expect(asset).toMatchObject({ container: 'wav', seconds: 10, bytes: wav.length, sha256: sha256(wav) });
    expect(kept.equals(wav)).toBe(true);
  });

  it('is unpacked without digests, too', async () => {
    const port = await bench.serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(wav));
    });
    expect((await bench.attempt(port)).result).toMatchObject({
      asset: { container: 'wav', bytes: wav.length },
    });
  });

  it('is refused where it is not what the storage announced', async () => {
    const packed = gzipSync(wav);
    const headers = { 'content-encoding': 'gzip', 'x-oss-hash-crc64ecma': '1' };
    expect(await refusalOf(packed, headers)).toMatchObject({ reason: 'wrong-checksum' });
  });

  it.each(['gzip', 'deflate', 'br', 'identity', 'nonsense', 'gzip, gzip, gzip, gzip'])(
    'stays as it came where it is not packed as %s',
    async (coding) => {
      const headers = { 'content-encoding': coding };
      expect((await archive(wav, headers)).asset).toMatchObject({ container: 'wav', seconds: 10 });
      const noise = makeNoise(3_000);
      expect((await archive(noise, headers)).kept.equals(noise)).toBe(true);
    },
  );

  it('stays as it came where it cannot be unpacked to its end, or to too much', async () => {
    const cut = gzipSync(wav).subarray(0, -20);
    expect((await archive(cut, { 'content-encoding': 'gzip' })).kept.equals(cut)).toBe(true);

    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const port = await bench.serve((_, response) =>
      sendObject(response, bomb, { 'content-encoding': 'gzip' }),
    );
    const { result } = await bench.attempt(port, { settings: { maxBytes: 1_000_000 } });
    expect(result).toMatchObject({ asset: { container: 'unrecognised', bytes: bomb.length } });
    expect(await bench.draftFiles()).toEqual([]);
  });

  it('is continued where it was cut off, whether or not the rest names its coding', async () => {
    const noise = Buffer.concat([wav.subarray(0, 44), makeNoise(80_000)]);
    const packed = gzipSync(noise);
    const headers = { ...objectHeaders(packed), 'content-encoding': 'gzip' };
    const { 'content-encoding': _named, 'content-md5': _whole, ...silent } = headers;
    const port = await bench.serve(
      (_, response) => {
        response.writeHead(200, headers);
        void bench.cutOff(response, packed.subarray(0, 40_000));
      },
      (request, response) => {
        const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
        response
          .writeHead(206, {
            ...silent,
            'content-length': String(packed.length - from),
            'content-range': `bytes ${from}-${packed.length - 1}/${packed.length}`,
          })
          .end(packed.subarray(from));
      },
    );
    expect((await bench.attempt(port)).result).toMatchObject({ failure: { outcome: 'retry' } });
    const { result, attempt } = await bench.attempt(port);
    expect(attempt.resumedFrom).toBeGreaterThan(0);
    expect(result).toMatchObject({ asset: { container: 'wav', sha256: sha256(noise) } });
  });
});
