import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contract/problem.js';
import type { Recording, RecordingPage } from '../../src/contract/recordings.js';
import type { Waveform, WaveformList } from '../../src/contract/waveforms.js';
import { openTestApi, record, sha256, type TestApi } from './open-test-api.js';

let api: TestApi;
let archived: Recording;
let pending: Recording;

beforeEach(async () => {
  api = await openTestApi();
  await api.push([record('1^1'), record('2^2')]);
  const { items } = await api.askJson<RecordingPage>('/api/v1/recordings');
  [archived, pending] = items as [Recording, Recording];
  await api.archive(archived, Buffer.from('RIFF'));
});
afterEach(() => api.close());

const peaks = Uint8Array.from({ length: 1_024 }, (_, index) => (index === 500 ? 255 : index % 7));
const drawn = {
  seconds: 12.5,
  channels: [
    { peaks, speech: [[0.1, 2.3] as const, [4, 5.5] as const] },
    { peaks: Uint8Array.of(1, 2, 3), speech: [] },
  ],
};

const keep = (recordingId = archived.id) =>
  api.store.waveformsWriter.keep([{ recordingId, waveform: drawn }], 1);
const decode = (text: string): number[] => [...Buffer.from(text, 'base64')];

async function refusalOf(path: string): Promise<readonly [number, string]> {
  const response = await api.ask(path);
  return [response.status, ((await response.json()) as Problem).code];
}

describe('the waveform of a recording', () => {
  it('is given whole, with where somebody speaks', async () => {
    await keep();
    const { channels, ...told } = await api.askJson<Waveform>(`/api/v1/recordings/${archived.id}/waveform`);
    expect(told).toEqual({ recordingId: archived.id, seconds: 12.5 });
    expect(channels.map((channel) => decode(channel.peaks))).toEqual([[...peaks], [1, 2, 3]]);
    expect(channels.map(({ speech }) => speech)).toEqual([
      [
        [0.1, 2.3],
        [4, 5.5],
      ],
      [],
    ]);
  });

  it('is told from one that is not made yet, cannot be made, or never will be', async () => {
    const path = `/api/v1/recordings/${archived.id}/waveform`;
    expect(await refusalOf(path)).toEqual([404, 'waveform-not-made']);
    for (const reason of ['unsupported', 'broken'] as const) {
      await api.store.waveformsWriter.keep([{ recordingId: archived.id, reason }], 1);
      expect(await refusalOf(path)).toEqual([404, 'waveform-unavailable']);
    }
    expect(await refusalOf(`/api/v1/recordings/${pending.id}/waveform`)).toEqual([
      409,
      'recording-not-archived',
    ]);
    for (const id of ['r999', 'nonsense'])
      expect(await refusalOf(`/api/v1/recordings/${id}/waveform`)).toEqual([404, 'recording-unknown']);
  });

  it('is gone with a recording that is deleted', async () => {
    await keep();
    expect((await api.ask(`/api/v1/recordings/${archived.id}`, { method: 'DELETE' })).ok).toBe(true);
    expect(await refusalOf(`/api/v1/recordings/${archived.id}/waveform`)).toEqual([
      409,
      'recording-not-archived',
    ]);
    const list = await api.askJson<WaveformList>(`/api/v1/waveforms?recordings=${archived.id}`);
    expect(list.items).toEqual([]);
  });
});

describe('waveforms for a list', () => {
  it('are small ones of those that there are', async () => {
    await keep();
    const asked = `${pending.id},${archived.id},r999,nonsense,${archived.id}`;
    const { items } = await api.askJson<WaveformList>(`/api/v1/waveforms?recordings=${asked}`);
    expect(items).toHaveLength(1);
    const [{ recordingId, seconds, channels } = { recordingId: '', seconds: 0, channels: [] }] = items;
    expect([recordingId, seconds]).toEqual([archived.id, 12.5]);
    const [left = [], right] = channels.map(decode);
    expect(left).toHaveLength(64);
    expect(left.indexOf(255)).toBe(Math.floor((500 / 1_024) * 64));
    expect(left.every((peak) => peak === 6 || peak === 255)).toBe(true);
    expect(right).toEqual([1, 2, 3]);
  });

  it('have as many peaks as are asked for', async () => {
    await keep();
    const path = `/api/v1/waveforms?recordings=${archived.id}&buckets=200`;
    const { items } = await api.askJson<WaveformList>(path);
    expect(decode(items[0]?.channels[0] ?? '')).toHaveLength(200);
  });

  it('are of a hundred recordings at most', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `r${index + 1}`);
    const path = '/api/v1/waveforms?recordings=';
    expect((await api.ask(path + ids.slice(1).join(','))).status).toBe(200);
    expect(await refusalOf(path + ids.join(','))).toEqual([400, 'parameter-invalid']);
    expect(await refusalOf('/api/v1/waveforms')).toEqual([400, 'parameter-invalid']);
    expect(await refusalOf(`${path}r1&buckets=257`)).toEqual([400, 'parameter-invalid']);
    expect((await api.askJson<WaveformList>(path)).items).toEqual([]);
  });

  it('are for whoever may look, the whole one for whoever may listen', async () => {
    await keep();
    const key = 'key-of-one-who-looks';
    await api.store.apiKeys.add({ name: key, hash: sha256(key), scopes: ['view'], createdAt: 1 });
    const looking = { headers: { authorization: `Bearer ${key}` } };
    const list = await api.ask(`/api/v1/waveforms?recordings=${archived.id}`, looking);
    expect(((await list.json()) as WaveformList).items).toHaveLength(1);
    expect((await api.ask(`/api/v1/recordings/${archived.id}/waveform`, looking)).status).toBe(403);
  });
});
