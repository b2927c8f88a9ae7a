import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { convertToWav } from '../../src/analyse/ffmpeg-samples.js';
import type { Call } from '../../src/contract/calls.js';
import type { Problem } from '../../src/contract/problem.js';
import { makeConversation } from '../support/sound.js';
import { openTestApi, record, type TestApi } from './open-test-api.js';

const ffmpeg = ['/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg'].find(existsSync);

let api: TestApi;
afterEach(() => api.close());

/** The address of a recording with these bytes. */
async function archive(bytes: Buffer): Promise<string> {
  await api.push([record('1^1')]);
  const call = await api.askJson<Call>(`/api/v1/calls/${encodeURIComponent('1^1')}`);
  const [recording] = call.recordings;
  if (!recording) throw new Error('the call has no recording');
  await api.archive(recording, bytes, '2025/05/22/1-1.wav');
  return `/api/v1/recordings/${recording.id}/audio?as=wav`;
}

const refusalOf = async (response: Response) => {
  const { code, detail } = (await response.json()) as Problem;
  return [response.status, code, detail];
};

describe('audio as a WAV made on the fly', () => {
  it('is refused where there is no ffmpeg, and the reason is told', async () => {
    api = await openTestApi();
    expect(await refusalOf(await api.ask(await archive(Buffer.from('RIFF'))))).toEqual([
      503,
      'conversion-unavailable',
      'There is no ffmpeg where this process runs.',
    ]);
  });

  it('is refused where the program cannot be started', async () => {
    api = await openTestApi({
      recordings: { convertAudio: (file) => convertToWav('/nowhere/ffmpeg', file) },
    });
    expect((await refusalOf(await api.ask(await archive(Buffer.from('RIFF')))))[1]).toBe(
      'conversion-unavailable',
    );
  });
});

describe.skipIf(ffmpeg === undefined)('audio as a WAV made by ffmpeg', () => {
  const open = async () => {
    api = await openTestApi({ recordings: { convertAudio: (file) => convertToWav(ffmpeg!, file) } });
  };

  it.each(['adpcm_ms', 'adpcm_ima_wav'])('is plain PCM, whatever it was: %s', async (codec) => {
    await open();
    const packed = execFileSync(
      ffmpeg!,
      ['-loglevel', 'error', '-i', 'pipe:0', '-f', 'wav', '-c:a', codec, 'pipe:1'],
      { input: makeConversation() },
    );
    const response = await api.ask(await archive(packed));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    const wav = Buffer.from(await response.arrayBuffer());
    expect([wav.toString('latin1', 0, 4), wav.toString('latin1', 8, 12), wav.readUInt16LE(20)]).toEqual([
      'RIFF',
      'WAVE',
      1,
    ]);
    expect(wav.length).toBeGreaterThan(packed.length);
  });

  it('is refused for what is no audio', async () => {
    await open();
    expect(await refusalOf(await api.ask(await archive(Buffer.alloc(100_000, 'no audio '))))).toEqual([
      503,
      'conversion-unavailable',
      'ffmpeg makes nothing of this file.',
    ]);
  });

  it('is told of in the audit log as any listening', async () => {
    await open();
    const response = await api.ask(await archive(makeConversation()));
    await response.arrayBuffer();
    const { items } = await api.store.auditLogReader.list({ limit: 1 });
    expect(items[0]).toMatchObject({ action: 'recording.opened' });
  });
});
