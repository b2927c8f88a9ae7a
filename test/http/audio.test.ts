import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../src/contract/calls.js';
import type { Recording } from '../../src/contract/recordings.js';
import { openTestApi, record, sha256, type TestApi } from './open-test-api.js';

const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251));
const etag = `"${sha256(bytes)}"`;

let api: TestApi;
let audio: string;
beforeAll(async () => {
  api = await openTestApi();
  const recording = await newRecording('1^1');
  await api.archive(recording, bytes, '2025/05/22/1-1.wav');
  audio = `/api/v1/recordings/${recording.id}/audio`;
});
afterAll(() => api.close());

async function newRecording(callId: string): Promise<Recording> {
  await api.push([record(callId)]);
  const call = await api.askJson<Call>(`/api/v1/calls/${encodeURIComponent(callId)}`);
  if (!call.recordings[0]) throw new Error('the call has no recording');
  return call.recordings[0];
}

const ask = (headers: Record<string, string> = {}, method = 'GET') => api.ask(audio, { method, headers });
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('GET /api/v1/recordings/{id}/audio', () => {
  it('gives the bytes with everything a player needs', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': '100000',
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      'content-disposition': 'inline; filename="1-1.wav"',
      etag,
    });
  });

  it.each([
    ['bytes=0-99', 0, 99],
    ['bytes=500-', 500, 99_999],
    ['bytes=-10', 99_990, 99_999],
    ['bytes=99999-200000', 99_999, 99_999],
  ])('answers %s with just these', async (range, start, end) => {
    const response = await ask({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/100000`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect((await bodyOf(response)).equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  it.each(['bytes=100000-', 'bytes=-0'])('answers %s with 416 and the size', async (range) => {
    const response = await ask({ range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */100000');
    expect(response.headers.get('etag')).toBeNull();
    expect(await response.json()).toMatchObject({ code: 'range-unsatisfiable' });
  });

  it.each(['bytes=0-1,5-6', 'lines=1-2', 'bytes=9-1'])('answers %s with the whole', async (range) => {
    const response = await ask({ range });
    expect([response.status, (await bodyOf(response)).length]).toEqual([200, bytes.length]);
  });

  it('continues only what is still the same', async () => {
    const same = await ask({ range: 'bytes=0-9', 'if-range': etag });
    expect([same.status, (await bodyOf(same)).length]).toEqual([206, 10]);
    for (const other of ['"other"', `W/${etag}`, 'Thu, 22 May 2025 00:00:00 GMT']) {
      const whole = await ask({ range: 'bytes=0-9', 'if-range': other });
      expect([whole.status, (await bodyOf(whole)).length]).toEqual([200, bytes.length]);
    }
  });

  it('answers 304 to who has the bytes, range or not', async () => {
    for (const headers of [{ 'if-none-match': etag }, { 'if-none-match': '*', range: 'bytes=0-9' }]) {
      const response = await ask(headers);
      expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('answers HEAD with the headers and no bytes', async () => {
    const response = await ask({}, 'HEAD');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '100000']);
    expect([response.headers.get('etag'), (await bodyOf(response)).length]).toEqual([etag, 0]);
    expect((await ask({ 'if-none-match': etag }, 'HEAD')).status).toBe(304);
  });

  it('goes on serving after listeners that went away in the middle', async () => {
    for (let listener = 0; listener < 5; listener++) {
      const controller = new AbortController();
      const response = await api.ask(audio, { signal: controller.signal });
      expect(response.status).toBe(200);
      controller.abort();
    }
    expect((await bodyOf(await ask())).length).toBe(bytes.length);
  });

  it('says why there is none', async () => {
    const pending = await newRecording('2^2');
    const response = await api.ask(`/api/v1/recordings/${pending.id}/audio`);
    expect(await response.json()).toMatchObject({ status: 409, code: 'recording-not-archived' });
    const unknown = await api.ask('/api/v1/recordings/nothing/audio');
    expect(await unknown.json()).toMatchObject({ status: 404, code: 'recording-unknown' });
  });

  it('tells a lost or shortened file from audio, before it promises a length', async () => {
    const recording = await newRecording('3^3');
    await api.archive(recording, bytes, 'gone.wav');
    const path = `/api/v1/recordings/${recording.id}/audio`;
    await truncate(join(api.recordings, 'gone.wav'), 10);
    expect(await (await api.ask(path)).json()).toMatchObject({ code: 'asset-missing' });
    await rm(join(api.recordings, 'gone.wav'));
    expect(await (await api.ask(path)).json()).toMatchObject({ code: 'asset-missing' });
    expect((await api.ask(path, { method: 'HEAD' })).status).toBe(500);
  });
});
