import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallDetail } from '../../src/contract/calls.js';
import type { QuarantinePage } from '../../src/contract/quarantine.js';
import { type Browser, signedIn } from './browser.js';
import { openTestApi, record, type TestApi } from './open-test-api.js';

/*
 * All that the description names, asked for by those who may not: whatever is added to the API is asked for here as well.
 */

const audioBytes = 'RIFF-these-are-the-bytes-of-the-audio';
const signature = 'sEcReT-of-the-link';
const link = `http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/1.wav?Expires=1748491891&OSSAccessKeyId=key&Signature=${signature}`;

let api: TestApi;
/** By the names of paths: an id that exists. */
let ids: Record<string, string>;

beforeAll(async () => {
  api = await openTestApi();
  await api.push([
    record('1^1', { recordFile: link, note: `again: ${link}` }),
    record('2^2', { recordFile: link }),
  ]);
  await api.push(`[{"recordFile":"${link.replaceAll('/', String.raw`\/`)}", oh no`);
  await api.push([{ recordFile: link, unknown: true }]);
  const call = await api.askJson<CallDetail>('/api/v1/calls/1%5E1');
  const [recording] = call.recordings;
  if (!recording) throw new Error('the call has no recording');
  await api.archive(recording, Buffer.from(audioBytes));
  const endpoint = await api.askJson<{ id: string }>('/api/v1/endpoints', {
    method: 'POST',
    body: JSON.stringify({
      url: `https://receiver.example/push?token=${signature}`,
      headers: { 'x-key': signature },
      start: 'beginning',
    }),
  });
  const { items } = await api.askJson<QuarantinePage>('/api/v1/quarantine');
  await api.ask('/api/v1/keys', { method: 'POST', body: '{"name":"k","scopes":["view"]}' });
  ids = {
    callId: '1%5E1',
    recordings: recording.id,
    endpoints: endpoint.id,
    quarantine: items[0]?.id ?? '',
    deliveries: await makeDelivery(endpoint.id),
  };
});
afterAll(() => api.close());

/** One that was sent, and answered with what it had got. */
async function makeDelivery(endpointId: string): Promise<string> {
  const { deliveries } = api.store;
  deliveries.get = async (id) =>
    id === 'd1'
      ? {
          ...{ id, endpointId, state: 'dead', webhookId: 'msg_1', count: 1, firstSeq: 1, lastSeq: 1 },
          ...{ attempts: 1, createdAt: api.clock.now, reason: 'server-error' },
        }
      : undefined;
  deliveries.seqs = async () => [1];
  deliveries.attempts = async () => [
    {
      ...{
        at: api.clock.now,
        outcome: 'retry',
        reason: 'server-error',
        status: 500,
        durationMs: 3,
        timings: {},
      },
      isProbe: false,
      request: {
        ...{ method: 'POST', url: `https://receiver.example/push?token=${signature}`, bytes: 9 },
        headers: { 'x-key': '…' },
      },
      response: { headers: { location: link }, body: JSON.stringify({ echo: [{ recordFile: link }] }) },
    },
  ];
  return 'd1';
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly told: string;
}

/** Everything that the description names, by every method, with ids that exist. */
async function askForEverything(browser: Browser): Promise<Asked[]> {
  const { paths } = await api.askJson<{ paths: Record<string, object> }>('/api/v1/openapi.json');
  const asked: Asked[] = [];
  for (const [pattern, operations] of Object.entries(paths)) {
    // Endless, and opened by a key of its own: live.test.ts and links.test.ts.
    if (pattern === '/api/v1/live' || pattern.startsWith('/push') || pattern.startsWith('/r/')) continue;
    const [, resource = ''] = /^\/api\/v1\/([a-z-]+)\/\{id\}/.exec(pattern) ?? [];
    const path = pattern
      .replace('{callId}', ids['callId'] ?? '')
      .replace('{id}', ids[resource] ?? 'x1')
      .replace('{tag}', 'tag');
    for (const method of [...Object.keys(operations), 'head'].map((name) => name.toUpperCase())) {
      // Whoever signs out, or changes the password, asks nobody anything afterwards.
      if (method === 'DELETE' && path === '/api/v1/session') continue;
      for (const query of ['', '?download=true']) {
        const response = await browser.post(path + query, undefined, method);
        const told = `${JSON.stringify([...response.headers])}${await response.text()}`;
        asked.push({ method, path: path + query, status: response.status, told });
      }
    }
  }
  return asked;
}

const withLinks = ({ told }: Asked): boolean => told.includes(signature) || told.includes('Signature=');
const withAudio = ({ told }: Asked): boolean => told.includes(audioBytes);
const where = ({ method, path }: Asked): string => `${method} ${path}`;

describe('by no route of the API', () => {
  it('a viewer gets a byte of audio, a link, or a secret of an endpoint', async () => {
    const asked = await askForEverything(await signedIn(api, 'viewer', { role: 'viewer', mayListen: true }));
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(withAudio).map(where)).toEqual([]);
    expect(asked.filter(withLinks).map(where)).toEqual([]);
    expect(asked.filter(({ told }) => /whsec_[\w+/]{8}/.test(told)).map(where)).toEqual([]);
    const audio = asked.filter(({ path }) => path.includes('/audio'));
    expect(new Set(audio.map(({ status }) => status))).toEqual(new Set([403]));
    expect(asked.some(({ path, status }) => path === '/api/v1/calls/1%5E1' && status === 200)).toBe(true);
  });

  it('a reviewer without the right to download gets a link, and audio only to be heard', async () => {
    const asked = await askForEverything(await signedIn(api, 'reviewer', { role: 'reviewer' }));
    expect(asked.filter(withLinks).map(where)).toEqual([]);
    const heard = asked.filter(withAudio);
    expect(heard.every(({ path }) => path.endsWith('/audio') || path.includes('/audio?'))).toBe(true);
    expect(heard.some(({ path }) => path.includes('download=true'))).toBe(false);
    expect(heard.length).toBeGreaterThan(0);
  });

  it('an operator without the right to download gets a link of what was received or answered', async () => {
    const operator = await signedIn(api, 'operator', { role: 'operator', mayDownload: false });
    const reading = await askForReading(operator);
    expect(reading.filter(({ told }) => told.includes('OSSAccessKeyId')).map(where)).toEqual([]);
    const item = await operator.askJson<{ body: string }>(`/api/v1/quarantine/${ids['quarantine']}`);
    expect(Buffer.from(item.body, 'base64').toString()).not.toContain(signature);
    const fixed = await operator.post(`/api/v1/quarantine/${ids['quarantine']}/retry`, { body: item.body });
    expect(fixed.status).toBe(403);
    // What is set for an endpoint is theirs to see.
    const endpoint = await operator.askJson<{ url: string; secrets: string[] }>(
      `/api/v1/endpoints/${ids['endpoints']}`,
    );
    expect(endpoint.secrets[0]).toMatch(/^whsec_/);
  });

  it('somebody who may download misses anything', async () => {
    const operator = await signedIn(api, 'downloader', { role: 'operator' });
    const reading = await askForReading(operator);
    for (const path of [
      '/api/v1/calls/1%5E1',
      '/api/v1/messages',
      `/api/v1/quarantine/${ids['quarantine']}`,
    ]) {
      const { told = '' } = reading.find((one) => one.path === path) ?? {};
      const whole = path.includes('quarantine')
        ? Buffer.from((JSON.parse(told.slice(told.indexOf(']]') + 2)) as { body: string }).body, 'base64')
        : told;
      expect(whole.toString()).toContain(signature);
    }
  });
});

/** What changes nothing. */
async function askForReading(browser: Browser): Promise<Asked[]> {
  const paths = [
    ...[
      '/api/v1/calls',
      '/api/v1/calls/1%5E1',
      '/api/v1/messages',
      '/api/v1/recordings',
      '/api/v1/deliveries/d1',
    ],
    ...[
      `/api/v1/recordings/${ids['recordings']}`,
      '/api/v1/quarantine',
      `/api/v1/quarantine/${ids['quarantine']}`,
    ],
  ];
  return Promise.all(
    paths.map(async (path) => {
      const response = await browser.ask(path);
      const told = `${JSON.stringify([...response.headers])}${await response.text()}`;
      return { method: 'GET', path, status: response.status, told };
    }),
  );
}
