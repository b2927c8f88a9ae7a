import { Value } from 'typebox/value';
import { afterEach, describe, expect, it } from 'vitest';
import { Status } from '../../src/contract/status.js';
import { StoreError, type StoreErrorKind } from '../../src/store/store-error.js';
import { openTestApi, record, type Overrides, type TestApi } from './open-test-api.js';

let api: TestApi;
const open = async (overrides: Overrides = {}) => (api = await openTestApi(overrides));
afterEach(() => api.close());

describe('health', () => {
  it('is alive, and ready only while pushes can be stored', async () => {
    let full = true;
    const { baseUrl } = await open({
      service: { readiness: () => (full ? { ready: false, reason: 'The disk is full.' } : { ready: true }) },
    });
    const refused = await fetch(`${baseUrl}/readyz`);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await refused.json()).toMatchObject({
      status: 503,
      code: 'not-ready',
      detail: 'The disk is full.',
    });
    expect(await (await fetch(`${baseUrl}/healthz`)).json()).toEqual({ status: 'ok' });
    full = false;
    expect(await (await fetch(`${baseUrl}/readyz`)).json()).toEqual({ status: 'ready' });
    expect((await fetch(`${baseUrl}/readyz`, { method: 'HEAD' })).status).toBe(200);
  });

  it('says that pushes go to the local inbox, that the storage is full, and that the clock is off', async () => {
    const state = { ready: true, isSpooling: true, isStorageFull: true, isClockOff: true };
    const { baseUrl } = await open({ service: { readiness: () => state } });
    const response = await fetch(`${baseUrl}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'ready', inbox: 'spooling', storage: 'full', clock: 'off' },
    ]);
  });

  it('is not ready while readiness cannot be told', async () => {
    const { baseUrl } = await open({
      service: { readiness: () => Promise.reject(new StoreError('io', '/secret/path')) },
    });
    const response = await fetch(`${baseUrl}/readyz`);
    expect([response.status, await response.text()]).toEqual([503, expect.not.stringContaining('/secret')]);
  });
});

describe('GET /api/v1/status', () => {
  it('has the shape of the contract, in instants', async () => {
    await open();
    const status = await api.askJson<Status>('/api/v1/status');
    expect([...Value.Errors(Status, status)]).toEqual([]);
    expect(status).toMatchObject({
      startedAt: '2025-05-22T05:00:00.000Z',
      nextDeadlineAt: '2025-05-22T06:00:00.000Z',
      consumers: [{ name: 'projector', cursor: 5, lag: 2 }],
      recordings: { pending: 1, archived: 2, lost: 3, blocked: 4, deleted: 5 },
      endpoints: [
        { id: 'e1', state: 'failing', successRate: 0.5, nextAttemptAt: '2025-05-22T05:01:00.000Z' },
      ],
      inbox: { pending: 3 },
      intake: { ackMs: {} },
      store: { kind: 'postgres', state: 'unreachable', since: '2025-05-22T05:00:00.000Z' },
      processes: [
        {
          ...{ id: 'test', host: 'here', pid: 7, roles: ['intake', 'api'], duties: ['sort'], endpoints: 2 },
          ...{ seenAt: '2025-05-22T05:00:00.000Z', inbox: { goesTo: 'local', pending: 3, bytes: 900 } },
        },
      ],
    });
    expect(JSON.stringify(status)).not.toContain('null');
  });
});

describe('GET /metrics', () => {
  it('tells what was counted, and the gauges of the moment', async () => {
    await open();
    api.metrics.pushAnswered(200, 12, 500);
    api.metrics.downloadEnded({ outcome: 'retry', reason: 'throttled', durationMs: 40 });
    const pushed = { endpointId: 'e1', durationMs: 40, messages: 100 };
    api.metrics.deliveryEnded({ ...pushed, outcome: 'ok', reason: 'acknowledged' });
    api.metrics.deliveryEnded({ ...pushed, outcome: 'retry', reason: 'timeout' });
    expect(api.metrics.successRate('e1')).toBe(0.5);
    await api.askJson('/api/v1/status');
    const response = await api.ask('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    for (const line of [
      'earshot_pushes_total{status="200"} 1',
      // Counted from the start: an alarm on an increase needs a value before the first one.
      'earshot_pushes_total{status="503"} 0',
      'earshot_download_attempts_total{outcome="refuse",reason="expired"} 0',
      'earshot_ack_duration_seconds_bucket{le="0.025"} 1',
      'earshot_download_attempts_total{outcome="retry",reason="throttled"} 1',
      'earshot_recordings{state="archived"} 2',
      'earshot_delivery_attempts_total{endpoint="e1",outcome="retry",reason="timeout"} 1',
      'earshot_delivered_messages_total{endpoint="e1"} 100',
      'earshot_deliveries{endpoint="e1",state="dead"} 1',
      'earshot_endpoint_success_rate{endpoint="e1"} 0.5',
      'earshot_endpoint_failing{endpoint="e1"} 1',
      `earshot_endpoint_next_attempt_timestamp_seconds{endpoint="e1"} ${Date.UTC(2025, 4, 22, 5, 1) / 1000}`,
      'earshot_consumer_lag_entries{consumer="projector"} 2',
      `earshot_next_deadline_timestamp_seconds ${Date.UTC(2025, 4, 22, 6) / 1000}`,
      'earshot_http_request_duration_seconds_count{method="GET",route="/api/v1/status",status="200"} 1',
      'earshot_store_reachable 0',
      'earshot_processes{role="intake"} 1',
      'earshot_duty_held{duty="sort"} 1',
      'earshot_duty_held{duty="project"} 0',
      'earshot_endpoints_served 2',
      'process_cpu_user_seconds_total',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('has names that promtool takes: counters alone end in _total, and every metric says what it is', async () => {
    await open();
    const text = await (await api.ask('/metrics')).text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({
      name,
      type,
    }));
    expect(types.length).toBeGreaterThan(40);
    const helped = new Set([...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name]) => name));
    for (const { name, type } of types) {
      expect([name, /_total$/.test(name)]).toEqual([name, type === 'counter']);
      expect(name).not.toMatch(/_(count|sum|bucket|milliseconds|ms|kilobytes)$/);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect([name, helped.has(name)]).toEqual([name, true]);
    }
  });

  it('has every counter at 0 before the first time, with all the values of its labels that are known', async () => {
    await open();
    const text = await (await api.ask('/metrics')).text();
    for (const line of [
      'earshot_wrong_push_tokens_total 0',
      ...[200, 404, 413, 503].map((status) => `earshot_pushes_total{status="${status}"} 0`),
      'earshot_delivered_messages_total{endpoint="e1"} 0',
      ...['timeout', 'server-error', 'connection-refused'].map(
        (reason) => `earshot_delivery_attempts_total{endpoint="e1",outcome="retry",reason="${reason}"} 0`,
      ),
      'earshot_delivery_attempts_total{endpoint="e1",outcome="ok",reason="acknowledged"} 0',
      ...['ok', 'retry', 'refuse', 'aborted'].flatMap((outcome) => [
        `earshot_delivery_duration_seconds_count{outcome="${outcome}"} 0`,
        `earshot_download_duration_seconds_count{outcome="${outcome}"} 0`,
      ]),
      'earshot_processes{role="archive"} 0',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    const counters = [...text.matchAll(/^# TYPE (earshot_\S+) counter$/gm)].map(([, name = '']) => name);
    for (const name of counters) expect(text).toMatch(new RegExp(`^${name}(\\{.*\\})? \\d`, 'm'));
  });

  it('tells what is at risk and late, in hours and seconds', async () => {
    const now = Date.UTC(2025, 4, 22, 5);
    await open({
      service: {
        overview: () =>
          Promise.resolve({
            recent: [],
            archivedByHour: [],
            storage: {},
            radar: { overdue: 1, hours: [2, 0, 3, 0, 0, 0, 4, ...Array<number>(17).fill(0), 5] },
            lastPushes: [{ source: 'default', at: now - 90_000 }, { source: 'east' }],
          }),
      },
    });
    const text = await (await api.ask('/metrics')).text();
    for (const line of [
      'earshot_recordings_at_risk{hours="1"} 3',
      'earshot_recordings_at_risk{hours="6"} 6',
      'earshot_recordings_at_risk{hours="24"} 10',
      `earshot_last_push_timestamp_seconds{source="default"} ${(now - 90_000) / 1000}`,
      'earshot_last_push_timestamp_seconds{source="east"} 0',
      'earshot_consumer_lag_seconds{consumer="projector"} 7',
      'earshot_inbox_oldest_push_age_seconds 40',
      `earshot_build_info{version="0",node_version="${process.versions.node}"} 1`,
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  it('goes out while the store does not answer', async () => {
    await open({ service: { status: () => Promise.reject(new StoreError('io', 'gone')) } });
    expect((await api.ask('/metrics')).status).toBe(200);
  });
});

describe('a store that fails', () => {
  it('is 503 for as long as it fails, without its words', async () => {
    const failures: Readonly<Record<StoreErrorKind, string>> = {
      full: 'store-unavailable',
      busy: 'store-busy',
      corrupt: 'store-unavailable',
      io: 'store-unavailable',
      closed: 'shutting-down',
      'newer-schema': 'store-unavailable',
      unreachable: 'store-unavailable',
      refused: 'store-unavailable',
      moved: 'store-unavailable',
      incomplete: 'store-unavailable',
      other: 'store-unavailable',
    };
    let kind: StoreErrorKind = 'full';
    const fail = () => Promise.reject(new StoreError(kind, 'SELECT * FROM /secret/path'));
    await open({ calls: { calls: { search: fail, get: fail, count: fail } } });
    for (kind of Object.keys(failures) as StoreErrorKind[]) {
      const response = await api.ask('/api/v1/calls');
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ status: 503, code: failures[kind] });
      expect(text).not.toMatch(/SELECT|secret/);
    }
  });

  it('and any other failure is 500 without its words, which are in the log', async () => {
    await open({
      calls: {
        calls: {
          search: () => Promise.reject(new TypeError('inner words')),
          get: () => Promise.reject(new Error()),
          count: () => Promise.reject(new Error()),
        },
      },
    });
    const response = await api.ask('/api/v1/calls');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'internal' });
    expect(text).not.toContain('inner words');
    const requestId = response.headers.get('x-request-id') ?? 'none';
    const line = api.logLines.find((entry) => entry.includes('inner words'));
    expect(line).toContain(requestId);
  });
});

describe('the log', () => {
  it('has one record of each answer, by route, without queries and without health', async () => {
    await open();
    await api.push([record('1^1')]);
    await api.ask('/api/v1/calls?q=some-secret');
    await api.ask('/api/v1/calls/1%5E1');
    await fetch(`${api.baseUrl}/healthz`);
    await fetch(`${api.baseUrl}/puhs/some-token-0123456789`);
    const records = () =>
      api.logLines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => msg === 'answered')
        .map(({ route, status, callId }) => ({ route, status, callId }));
    await expect.poll(records).toEqual([
      { route: '/api/v1/calls', status: 200 },
      { route: '/api/v1/calls/:callId', status: 200, callId: '1^1' },
      { route: 'unmatched', status: 404 },
    ]);
    expect(api.logLines.join('')).not.toMatch(/some-secret|some-token|Signature/);
  });
});
