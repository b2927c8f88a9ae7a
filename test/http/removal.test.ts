import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, describe } from 'vitest';
import type { Call } from '../../src/contract/calls.js';
import type { FeedPage } from '../../src/contract/messages.js';
import type { Recording, RecordingDetail } from '../../src/contract/recordings.js';
import { openTestApi, publicUrl, record, type TestApi } from './open-test-api.js';

const bytes = Buffer.from('RIFF and so on');

let api: TestApi;
let recording: Recording;
beforeEach(async () => {
  api = await openTestApi();
  await api.push([record('1^1')]);
  const call = await api.askJson<Call>('/api/v1/calls/1%5E1');
  recording = call.recordings[0]!;
});
afterEach(() => api.close());

const path = () => `/api/v1/recordings/${recording.id}`;
const remove = () => api.ask(path(), { method: 'DELETE' });
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

/** Every file below the recordings folder. */
async function files(): Promise<string[]> {
  const found = await readdir(api.recordings, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('DELETE /api/v1/recordings/{id}', () => {
  it('leaves nothing of the audio, tells of it, and kills every link at once', async () => {
    await api.archive(recording, bytes, '2025-05-22/1.wav');
    const link = (await api.links.minter())(recording.id).slice(publicUrl.length);
    expect((await fetch(api.baseUrl + link)).status).toBe(200);
    expect((await remove()).status).toBe(204);
    expect(await files()).toEqual([]);
    expect(await api.askJson<RecordingDetail>(path())).toMatchObject({ state: 'deleted', reason: 'deleted' });
    expect((await fetch(api.baseUrl + link)).status).toBe(404);
    expect(await codeOf(await api.ask(`${path()}/audio`))).toBe('recording-not-archived');
    const { items } = await api.askJson<FeedPage>('/api/v1/messages?types=recording.lost');
    expect(items.map(({ message }) => message)).toMatchObject([
      { recordingId: recording.id, reason: 'deleted' },
    ]);
  });

  it('deletes what was never archived, with what a download left of it', async () => {
    const draft = await api.assets.openDraft(recording.id);
    await draft.write(bytes);
    await draft.abandon({ etag: '"x"', sha256: 'y' });
    expect(await files()).toHaveLength(2);
    expect((await remove()).status).toBe(204);
    expect(await files()).toEqual([]);
  });

  it('finishes, when it is asked again, what was interrupted', async () => {
    await api.archive(recording, bytes, '2025-05-22/1.wav');
    await remove();
    // As a crash between the row and the file would have left it.
    await writeFile(join(api.recordings, '2025-05-22/1.wav'), bytes);
    expect((await remove()).status).toBe(204);
    expect(await files()).toEqual([]);
    const { items } = await api.askJson<FeedPage>('/api/v1/messages?types=recording.lost');
    expect(items).toHaveLength(1);
  });

  it('waits for an attempt that runs', async () => {
    const claimed = await api.claim();
    expect(claimed).toHaveLength(1);
    const response = await remove();
    expect([response.status, await codeOf(response)]).toEqual([409, 'attempt-running']);
    api.clock.now += 60_000;
    expect((await remove()).status).toBe(204);
  });

  it('knows what it does not know', async () => {
    const response = await api.ask('/api/v1/recordings/r999', { method: 'DELETE' });
    expect([response.status, await codeOf(response)]).toEqual([404, 'recording-unknown']);
  });
});
