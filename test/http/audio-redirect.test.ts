import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/contract/calls.js';
import { useS3Server } from '../support/s3-server.js';
import { openTestS3, type OpenedS3 } from '../support/s3-storage-under-test.js';
import { openTestApi, record, sha256, type TestApi } from './open-test-api.js';

const server = useS3Server();
const bytes = Buffer.from('0123456789');
const fileName = '2025-05-22/1_1-r1.wav';

let s3: OpenedS3;
let api: TestApi;
let audio: string;
let recordingId: string;

async function open(parameters: Record<string, string>): Promise<void> {
  s3 = await openTestS3(server(), { parameters });
  api = await openTestApi({ recordings: { assets: s3.storage } });
  await api.push([record('1^1')]);
  recordingId = (await api.askJson<Call>('/api/v1/calls/1%5E1')).recordings[0]?.id ?? '';
  audio = `/api/v1/recordings/${recordingId}/audio`;
  const draft = await s3.storage.openDraft('r1');
  await draft.write(bytes);
  await draft.commit(fileName);
  const asset = { bytes: bytes.length, sha256: sha256(bytes), container: 'wav', fileName };
  await api.settle(recordingId, {
    ...{ kind: 'archived', flags: [] },
    asset: { ...asset, archivedAt: api.clock.now },
  });
}
afterEach(async () => {
  await api.close();
  await s3.close();
});

describe('audio in an object storage that listeners reach', () => {
  beforeEach(() => open({ redirect: 'presigned' }));

  it('is asked for there, by a link that is good for five minutes and whose secret is in no record', async () => {
    const response = await api.ask(audio, { redirect: 'manual' });
    expect([response.status, response.headers.get('cache-control')]).toEqual([307, 'no-store']);
    const link = new URL(response.headers.get('location') ?? '');
    expect([link.origin, link.searchParams.get('X-Amz-Expires')]).toEqual([server().origin, '300']);
    const there = await fetch(link);
    expect([there.status, await there.text()]).toEqual([200, bytes.toString()]);
    expect(there.headers.get('content-type')).toBe('audio/wav');
    expect(api.logLines.join('')).not.toContain(link.searchParams.get('X-Amz-Signature'));
  });

  it('comes as a listener wants it who follows, in part too', async () => {
    const response = await api.ask(audio, { headers: { range: 'bytes=2-4' } });
    expect([response.status, await response.text()]).toEqual([206, '234']);
  });

  it('is not asked for where no bytes are needed, or none are there', async () => {
    const etag = `"${sha256(bytes)}"`;
    const known = await api.ask(audio, { redirect: 'manual', headers: { 'if-none-match': etag } });
    expect(known.status).toBe(304);
    const head = await api.ask(audio, { redirect: 'manual', method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([
      200,
      '10',
      etag,
    ]);
    await s3.storage.remove(fileName);
    const gone = await api.ask(audio, { redirect: 'manual' });
    expect(await gone.json()).toMatchObject({ code: 'asset-missing' });
  });

  it('comes through us by a signed link: whoever archives from one follows nobody', async () => {
    const link = (await api.links.minter())(recordingId);
    const response = await fetch(api.baseUrl + link.slice(link.indexOf('/r/')), { redirect: 'manual' });
    expect([response.status, await response.text()]).toEqual([200, bytes.toString()]);
  });
});

describe('audio in an object storage', () => {
  it('comes through us unless the storage is one that listeners reach', async () => {
    await open({});
    const response = await api.ask(audio, { redirect: 'manual', headers: { range: 'bytes=2-4' } });
    expect([response.status, await response.text()]).toEqual([206, '234']);
  });
});
