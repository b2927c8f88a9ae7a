import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../src/contract/calls.js';
import type { Recording } from '../../src/contract/recordings.js';
import { createLinkKey, replaceLinkKeys } from '../../src/publish/link-keyring.js';
import { until } from '../support/until.js';
import { linkMs, openTestApi, publicUrl, record, sha256, type TestApi } from './open-test-api.js';

const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 7) % 251));

let api: TestApi;
let recording: Recording;
beforeAll(async () => {
  api = await openTestApi();
  recording = await newRecording('1^1');
  await api.archive(recording, bytes, '2025-05-22/1-1.wav');
});
afterAll(() => api.close());

async function newRecording(callId: string): Promise<Recording> {
  await api.push([record(callId)]);
  const call = await api.askJson<Call>(`/api/v1/calls/${encodeURIComponent(callId)}`);
  if (!call.recordings[0]) throw new Error('the call has no recording');
  return call.recordings[0];
}

/** The address of a link minted now, on the server of this test. */
async function mint({ id }: Recording = recording): Promise<string> {
  const link = (await api.links.minter())(id);
  expect(link.startsWith(`${publicUrl}/r/${id}?`)).toBe(true);
  return link.slice(publicUrl.length);
}

const ask = (path: string, init?: RequestInit) => fetch(api.baseUrl + path, init);
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

async function refusalOf(path: string, init?: RequestInit): Promise<[number, string | undefined, string]> {
  const response = await ask(path, init);
  const xml = await response.text();
  expect(response.headers.get('content-type')).toBe('application/xml');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return [response.status, /<Code>(\w+)<\/Code>/.exec(xml)?.[1], xml];
}

describe('GET /r/{id}', () => {
  it('gives the audio to whoever holds a link, without a key', async () => {
    const response = await ask(await mint());
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': '10000',
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      etag: `"${sha256(bytes)}"`,
    });
  });

  it('answers Range and HEAD as the storage would', async () => {
    const part = await ask(await mint(), { headers: { range: 'bytes=100-199' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/10000']);
    expect((await bodyOf(part)).equals(bytes.subarray(100, 200))).toBe(true);
    const head = await ask(await mint(), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), (await bodyOf(head)).length]).toEqual([
      200,
      '10000',
      0,
    ]);
    const [status, code] = await refusalOf(await mint(), { headers: { range: 'bytes=10000-' } });
    expect([status, code]).toEqual([416, 'InvalidRange']);
  });

  it('tells an expired link in the words that make an archiver give it up', async () => {
    const path = await mint();
    api.clock.now += linkMs - 1;
    expect((await ask(path)).status).toBe(200);
    api.clock.now += 1_000;
    const [status, code, xml] = await refusalOf(path);
    expect([status, code]).toEqual([403, 'AccessDenied']);
    expect(xml).toContain('<Message>Request has expired.</Message>');
  });

  it('refuses whatever is not exactly the link that was minted', async () => {
    const path = await mint();
    const other = await mint({ ...recording, id: 'r999' });
    const changed = [
      path.replace(/r\/r\d+/, 'r/r999'),
      other.replace('r999', recording.id),
      path.replace(/Expires=(\d+)/, (_all, seconds: string) => `Expires=${Number(seconds) + 1}`),
      path.replace(/KeyId=\w+/, 'KeyId=k0000000000'),
      path.replace('Expires', 'expires'),
      path.replace(/\?(Expires=\d+)&(KeyId=\w+)/, '?$2&$1'),
      `${path}&x=1`,
      `${path}&`,
      `${path}=`,
      path.replace('?', '?&'),
      path.replace('?', '/?'),
      path.replace('?', '/more?'),
      path.replace('/r/r', '/r/%72'),
      path.replace('/r/r', '/r//r'),
      path.replace('Expires=', 'Expires=0'),
      path.split('?', 1)[0] ?? '',
      path.replace(/&Expires|Expires=\d+&/, ''),
      `${path.split('&Signature', 1)[0]}&Signature=`,
      `${path}&Expires=99999999999`,
      '/r/',
      path.replace('/r/r', '/r/%'),
      path.replace('/r/r', '/r/%ff'),
    ];
    for (let at = path.indexOf('Signature=') + 10; at < path.length; at++) {
      changed.push(path.slice(0, at) + (path[at] === 'A' ? 'B' : 'A') + path.slice(at + 1));
    }
    for (const one of changed) {
      const [status, code] = await refusalOf(one);
      expect([one, status, code]).toEqual([one, 403, 'SignatureDoesNotMatch']);
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('takes no %s', async (method) => {
    const response = await ask(await mint(), { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.text()).toContain('<Code>MethodNotAllowed</Code>');
  });

  it('asks for patience while the recording is not there, and tells when it never will be', async () => {
    const pending = await newRecording('2^2');
    const path = await mint(pending);
    const response = await ask(path);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.text()).toContain('<Code>ServiceUnavailable</Code>');
    await api.settle(pending.id, { kind: 'blocked', reason: 'host-not-allowed' });
    expect((await ask(path)).status).toBe(503);
    await api.settle(pending.id, { kind: 'lost', reason: 'expired' });
    expect((await refusalOf(path)).slice(0, 2)).toEqual([404, 'NoSuchKey']);
    // A recording that the projector has not seen yet.
    expect((await ask(await mint({ ...recording, id: 'r100000' }))).status).toBe(503);
  });

  it('takes links of a key before until they expire, and none of a key that was revoked', async () => {
    const before = await mint();
    api.clock.now += 31 * 24 * 60 * 60 * 1000;
    const inTime = await mint();
    await api.links.step();
    const after = await mint();
    expect(new Set([inTime, after].map((path) => /KeyId=(\w+)/.exec(path)?.[1])).size).toBe(2);
    expect((await ask(inTime)).status).toBe(200);
    expect((await refusalOf(before)).slice(0, 2)).toEqual([403, 'AccessDenied']);
    expect((await ask(after)).status).toBe(200);
    // Somebody else revokes; a link that nobody has shown us before makes us look.
    const key = createLinkKey(api.clock.now, (count) => Buffer.alloc(count, 7));
    await replaceLinkKeys(api.store.linkKeysWriter, key);
    api.clock.now += 1_000;
    await api.links.step();
    expect((await refusalOf(after)).slice(0, 2)).toEqual([403, 'SignatureDoesNotMatch']);
    expect((await ask(await mint())).status).toBe(200);
  });

  it('records who was answered by the id of the recording', async () => {
    await (await ask(await mint())).arrayBuffer();
    const isRecorded = () => api.logLines.some((line) => line.includes('"route":"/r/:id"'));
    await until(isRecorded, { what: 'the answer is recorded' });
    const line = api.logLines.find((one) => one.includes('"route":"/r/:id"'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ id: recording.id, status: 200 });
  });

  it('writes no link into the log, whatever is asked', async () => {
    const path = await mint();
    await ask(path);
    await ask(`${path}&x=1`);
    await ask(path, { method: 'POST' });
    expect(api.logLines.join('')).not.toMatch(/Signature=/);
  });
});
