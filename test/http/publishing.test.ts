import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallDetail } from '../../src/contract/calls.js';
import type { FeedPage } from '../../src/contract/messages.js';
import type { PublishedMessages, PublishedRecording } from '../../src/contract/publishing.js';
import type { RecordingDetail } from '../../src/contract/recordings.js';
import { samplePush } from '../../src/protocol/sample.js';
import { makeAdts, makeMp3, makeNoise, makeWav, mp3Frames } from '../support/audio-samples.js';
import { until } from '../support/until.js';
import {
  administratorKey,
  maxRecordingBytes,
  openTestApi,
  publicUrl,
  record,
  sha256,
} from './open-test-api.js';
import type { TestApi } from './open-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const lastSeq = () => api.store.journal.lastSeq();
const problemOf = async (response: Response) =>
  (await response.json()) as { status: number; code: string; detail: string };

async function publish(body: string | Uint8Array, headers: Record<string, string> = {}) {
  return api.ask('/api/v1/messages', { method: 'POST', body, headers });
}

async function publishJson(value: unknown): Promise<PublishedMessages> {
  const response = await publish(JSON.stringify(value));
  expect(response.status).toBe(202);
  return (await response.json()) as PublishedMessages;
}

async function messageText(seq: number): Promise<string> {
  const [entry] = await api.store.journal.bySeqs([seq]);
  return entry?.text ?? '';
}

describe('POST /api/v1/messages', () => {
  it('journals messages of all types in their order, every digit of them', async () => {
    const odd = '{ "callId" : 12345678901234567890, "recordFile":"", "a" : 1.10, "b":-0 }';
    const response = await publish(
      `[${odd}, {"callId":"2^2","majorIntent":"A"},{"callId":"3^3","callee":"1"}]`,
    );
    const { items } = (await response.json()) as PublishedMessages;
    expect(items.map(({ type, callId }) => [type, callId])).toEqual([
      ['AlicomAgentCallRecord', '12345678901234567890'],
      ['AlicomAgentCallNote', '2^2'],
      ['AlicomAgentCallReport', '3^3'],
    ]);
    const [first = 0, second, third] = items.map(({ seq }) => seq);
    expect([second, third]).toEqual([first + 1, first + 2]);
    expect(await messageText(first)).toBe(odd);
    const [entry] = (await api.askJson<FeedPage>(`/api/v1/messages?after=${first - 1}`)).items;
    expect(entry).toMatchObject({ seq: first, source: 'api' });
  });

  it('takes a bare object, and gzip, and nothing at all', async () => {
    expect((await publishJson(record('bare'))).items).toHaveLength(1);
    const zipped = await publish(gzipSync(JSON.stringify([record('zip')])), { 'content-encoding': 'gzip' });
    expect([zipped.status, ((await zipped.json()) as PublishedMessages).items.length]).toEqual([202, 1]);
    expect(await publishJson([])).toEqual({ items: [] });
  });

  it('tells a duplicate by content, wherever it came from first', async () => {
    await api.push(samplePush);
    const seq = await lastSeq();
    const [sample] = JSON.parse(samplePush) as unknown[];
    const { items } = await publishJson([sample, record('new^1'), record('new^1')]);
    expect(items.map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
      [seq, true],
      [seq + 1, undefined],
      [seq + 1, true],
    ]);
    expect(await lastSeq()).toBe(seq + 1);
  });

  it.each([
    ['a message without a callId', [record('1^1'), { duration: 1 }], 'Message 1 has no `callId`'],
    ['a message of no type', [{ callId: '1' }], 'Message 0 has no field that tells its type'],
    ['what is no object', [record('x'), record('y'), 7], 'Message 2 is no JSON object'],
    ['a reference of our own', [record('1', { recordFile: 'earshot:r1' })], 'Message 0 has a `recordFile`'],
  ])('refuses all of them for %s, and says which it is', async (_what, body, sentence) => {
    const before = await lastSeq();
    const problem = await problemOf(await publish(JSON.stringify(body)));
    expect(problem).toMatchObject({ status: 400, code: 'message-invalid' });
    expect(problem.detail).toContain(sentence);
    expect(await lastSeq()).toBe(before);
  });

  it.each([
    ['nothing', ''],
    ['half an array', '[{"callId":"1"'],
    ['bytes that are no text', Buffer.from([0x5b, 0xff, 0x5d])],
  ])('refuses %s', async (_what, body) => {
    expect(await problemOf(await publish(body))).toMatchObject({ status: 400, code: 'body-invalid' });
  });

  it('names an element that is not JSON', async () => {
    expect(await problemOf(await publish('[{"callId":"1","recordFile":""},{"callId":}]'))).toMatchObject({
      code: 'message-invalid',
      detail: expect.stringContaining('Message 1') as string,
    });
  });

  it('takes as many as fit, over several transactions', async () => {
    const many = Array.from({ length: 12_001 }, (_, index) => ({ callId: `many^${index}`, recordFile: '' }));
    const { items } = await publishJson(many);
    const first = items[0]!.seq;
    expect(items.every(({ seq, callId }, index) => seq === first + index && callId === `many^${index}`)).toBe(
      true,
    );
  });

  it('needs a key', async () => {
    const response = await fetch(`${api.baseUrl}/api/v1/messages`, { method: 'POST', body: samplePush });
    expect(response.status).toBe(401);
  });
});

const wav = makeWav({ seconds: 5, format: 1 });

function form(parts: Readonly<Record<string, string | Uint8Array>>): FormData {
  const data = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') data.append(name, part);
    else data.append(name, new Blob([part]), 'a.bin');
  }
  return data;
}

const upload = (body: FormData) => api.ask('/api/v1/recordings', { method: 'POST', body });

async function published(parts: Readonly<Record<string, string | Uint8Array>>): Promise<PublishedRecording> {
  const response = await upload(form(parts));
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as PublishedRecording;
}

async function files(): Promise<string[]> {
  const found = await readdir(api.recordings, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

function recordText(callId: string, more: object = {}): string {
  const { recordFile: _link, ...fields } = record(callId);
  return JSON.stringify({ ...fields, duration: 5, ...more });
}

const pathOf = (link: string) => {
  expect(link.startsWith(`${publicUrl}/r/`)).toBe(true);
  return link.slice(publicUrl.length);
};

describe('POST /api/v1/recordings', () => {
  it('keeps the audio, archived at once, and answers with a link to it', async () => {
    const { seq, callId, recordingId, recordFile } = await published({
      message: recordText('1^1', { big: 1 }).replace('"big":1', '"big":12345678901234567890'),
      audio: wav,
    });
    expect([callId, recordingId]).toEqual(['1^1', `r${seq}`]);
    const recording = await api.askJson<RecordingDetail>(`/api/v1/recordings/${recordingId}`);
    expect(recording).toMatchObject({
      state: 'archived',
      attempts: 0,
      flags: [],
      asset: { bytes: wav.length, sha256: sha256(wav), container: 'wav', codec: 'pcm', seconds: 5 },
    });
    expect(recording.asset?.fileName).toMatch(/^2025-05-22\/1_1-[0-9a-f]{32}\.wav$/);
    const audio = await fetch(api.baseUrl + pathOf(recordFile));
    expect(sha256(Buffer.from(await audio.arrayBuffer()))).toBe(sha256(wav));
    expect(await messageText(seq)).toContain('12345678901234567890');
    expect(await api.store.downloads.unblock(api.clock.now, 10)).toBe(0);
    expect((await api.claim()).map(({ id }) => id)).not.toContain(recordingId);
  });

  it('takes the parts in either order, and replaces a link that came along', async () => {
    const message = recordText('2^2', { recordFile: 'https://elsewhere.example/a.wav?Signature=x' });
    const first = await published({ audio: wav, message });
    const second = await published({ message, audio: wav });
    expect(second).toMatchObject({ seq: first.seq, recordingId: first.recordingId, duplicate: true });
    expect(await messageText(first.seq)).toContain(`"recordFile":"earshot:${first.recordingId}"`);
    expect(await messageText(first.seq)).not.toContain('elsewhere');
  });

  it('shows a minted link, and never the reference, in the feed and in the call', async () => {
    const { seq, recordingId } = await published({ message: recordText('13^3'), audio: wav });
    const [entry] = (await api.askJson<FeedPage>(`/api/v1/messages?after=${seq - 1}`)).items;
    const call = await api.askJson<CallDetail>('/api/v1/calls/13%5E3');
    for (const { message } of [entry!, call.messages[0]!]) {
      const { recordFile } = message as { recordFile: string };
      expect(pathOf(recordFile)).toContain(`/r/${recordingId}?Expires=`);
      expect((await fetch(api.baseUrl + pathOf(recordFile), { method: 'HEAD' })).status).toBe(200);
    }
    expect(JSON.stringify(call)).not.toContain('earshot:');
  });

  it('knows the same record with the same audio again, days later too, and keeps one file', async () => {
    const message = JSON.stringify({ callId: '4^4' });
    const first = await published({ message, audio: wav });
    const before = await files();
    api.clock.now += 3 * 24 * 60 * 60 * 1000;
    const again = await published({ message: '{ "callId":"4^4" }', audio: wav });
    expect([again.seq, again.duplicate, await files()]).toEqual([first.seq, true, before]);
    expect((await fetch(api.baseUrl + pathOf(again.recordFile))).status).toBe(200);
  });

  it('takes other audio, or another record, for another recording', async () => {
    const one = await published({ message: recordText('5^5'), audio: wav });
    const other = await published({ message: recordText('5^5'), audio: makeMp3(5) });
    const third = await published({ message: recordText('5^5', { outId: 'x' }), audio: wav });
    expect(new Set([one, other, third].map(({ recordingId }) => recordingId)).size).toBe(3);
    expect((await api.ask(`/api/v1/recordings/${one.recordingId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(api.baseUrl + pathOf(third.recordFile))).status).toBe(200);
  });

  it('brings back nothing that was deleted', async () => {
    const parts = { message: recordText('6^6'), audio: wav };
    const { recordingId } = await published(parts);
    await api.ask(`/api/v1/recordings/${recordingId}`, { method: 'DELETE' });
    const before = await files();
    expect(await problemOf(await upload(form(parts)))).toMatchObject({
      status: 409,
      code: 'recording-deleted',
    });
    expect(await files()).toEqual(before);
    expect(await api.askJson(`/api/v1/recordings/${recordingId}`)).toMatchObject({ state: 'deleted' });
  });

  it('says of audio much shorter than its call that it is', async () => {
    const { recordingId } = await published({ message: recordText('7^7', { duration: 100 }), audio: wav });
    expect(await api.askJson(`/api/v1/recordings/${recordingId}`)).toMatchObject({ flags: ['short'] });
  });

  it('takes a message that was sent as a file of JSON, and words that we use ourselves', async () => {
    const data = new FormData();
    const text = recordText('8^8', { outId: 'earshot:recording' });
    data.append('message', new Blob([text], { type: 'application/json' }), 'message.json');
    data.append('audio', new Blob([wav], { type: 'audio/wav' }));
    const response = await upload(data);
    expect(response.status).toBe(202);
    const { seq } = (await response.json()) as PublishedRecording;
    expect(JSON.parse(await messageText(seq))).toMatchObject({
      outId: 'earshot:recording',
      recordFile: `earshot:r${seq}`,
    });
  });

  it.each([
    ['bit rates that change', mp3Frames(200, 1, 2, 3), { container: 'mp3', seconds: 14.4 }, []],
    ['AAC', makeAdts(100), { container: 'aac', seconds: 12.8 }, []],
    ['what nothing here knows', makeNoise(5_000), { container: 'unrecognised' }, ['unrecognised']],
  ])('takes %s', async (what, audio, asset, flags) => {
    const answer = await upload(form({ message: recordText(what, { duration: 14 }), audio }));
    const { recordingId } = (await answer.json()) as { recordingId: string };
    expect(await api.askJson(`/api/v1/recordings/${recordingId}`)).toMatchObject({ asset, flags });
  });

  const page = Buffer.from('<html><body>Not a recording</body></html>');
  it.each([
    ['a page', { message: recordText('9^9'), audio: page }, 422, 'not-audio'],
    ['a text', { message: recordText('9^9'), audio: Buffer.from('no recording') }, 422, 'not-audio'],
    ['JSON', { message: recordText('9^9'), audio: Buffer.from('\ufeff {"code":1}') }, 422, 'not-audio'],
    ['no bytes', { audio: Buffer.alloc(0), message: recordText('9^9') }, 422, 'not-audio'],
    ['no audio', { message: recordText('9^9') }, 400, 'body-invalid'],
    ['no message', { audio: wav }, 400, 'body-invalid'],
    ['a third part', { message: recordText('9^9'), more: wav, audio: wav }, 400, 'body-invalid'],
    ['a message that is an array', { audio: wav, message: `[${recordText('9^9')}]` }, 400, 'message-invalid'],
    ['a message without a callId', { message: '{}', audio: wav }, 400, 'message-invalid'],
    [
      'a message that is too large',
      { message: ' '.repeat(1024 * 1024 + 1), audio: wav },
      413,
      'body-too-large',
    ],
    [
      'audio that is too large',
      { message: recordText('9^9'), audio: Buffer.alloc(maxRecordingBytes + 1) },
      413,
      'body-too-large',
    ],
  ] as const)('refuses %s and leaves nothing', async (_what, parts, status, code) => {
    const before = [await lastSeq(), await files()];
    expect(await problemOf(await upload(form(parts)))).toMatchObject({ status, code });
    expect([await lastSeq(), await files()]).toEqual(before);
  });

  it('refuses what is no upload, and one that is broken', async () => {
    const json = await api.ask('/api/v1/recordings', { method: 'POST', body: recordText('1^1') });
    expect(await problemOf(json)).toMatchObject({ status: 400, code: 'body-invalid' });
    for (const body of ['', 'garbage', '--b\r\nContent-Disposition: form-data; name="audio"\r\n\r\nRIFF']) {
      const headers = { 'content-type': 'multipart/form-data; boundary=b' };
      const broken = await api.ask('/api/v1/recordings', { method: 'POST', body, headers });
      expect(await problemOf(broken)).toMatchObject({ status: 400, code: 'body-invalid' });
    }
    const headers = { 'content-type': 'multipart/form-data' };
    const noBoundary = await api.ask('/api/v1/recordings', { method: 'POST', body: 'x', headers });
    expect(await problemOf(noBoundary)).toMatchObject({ status: 400, code: 'body-invalid' });
    expect((await files()).filter((name) => name.startsWith('upload-'))).toEqual([]);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    const before = { seq: await lastSeq(), files: await files() };
    const request = httpRequest(`${api.baseUrl}/api/v1/recordings`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${administratorKey}`,
        'content-type': 'multipart/form-data; boundary=b',
      },
    });
    request.on('error', () => undefined);
    request.write('--b\r\nContent-Disposition: form-data; name="audio"; filename="a"\r\n\r\n');
    request.write(wav);
    await until(async () => (await files()).length > before.files.length, { what: 'the audio is coming in' });
    request.destroy();
    await until(async () => (await files()).length === before.files.length, {
      what: 'nothing is left',
    });
    expect({ seq: await lastSeq(), files: await files() }).toEqual(before);
  });

  it('needs a key', async () => {
    const body = form({ message: recordText('1^1'), audio: wav });
    expect((await fetch(`${api.baseUrl}/api/v1/recordings`, { method: 'POST', body })).status).toBe(401);
  });
});
