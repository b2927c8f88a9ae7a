import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Recording } from '../../src/contract/recordings.js';
import type { DownloadVerdict } from '../../src/domain/recording.js';
import { createAccess } from '../../src/app/access.js';
import { createPublishing } from '../../src/app/publishing.js';
import { createServing } from '../../src/app/serving.js';
import { createHttpServer } from '../../src/http/create-http-server.js';
import { EntryNotifier } from '../../src/live/entry-notifier.js';
import type { HttpServerParts } from '../../src/http/areas.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import type { ServiceStatus } from '../../src/telemetry/status.js';
import { Projector } from '../../src/project/projector.js';
import { LinkKeyring } from '../../src/publish/link-keyring.js';
import { createVendorTime } from '../../src/protocol/vendor-time.js';
import { sortPush } from '../../src/sort/sort-push.js';
import { openDiskStorage } from '../../src/storage/disk.js';
import { openDirectly } from '../../src/store/sqlite/open-directly.js';
import { sqliteFilesIn } from '../../src/store/sqlite/sqlite-files.js';
import { openOperatingDeps } from './operating-deps.js';
import { openSendingDeps } from './sending-deps.js';

const { version: packageVersion } = JSON.parse(
  await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** As links of these servers begin; a test that follows one puts its own in place of it. */
export const publicUrl = 'https://earshot.example';
export const maxRecordingBytes = 1024 * 1024;
export const linkMs = 7 * 24 * 60 * 60 * 1000;

export const administratorKey = 'administrator-key-0123456789';

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export type TestApi = Awaited<ReturnType<typeof openTestApi>>;

/** Members in place of those that an area has. */
export type Overrides = { readonly [Area in keyof HttpServerParts]?: Partial<HttpServerParts[Area]> };

/**
 * The server as it is, on a free port, over a real store and real files in a folder of its own. The clock
 * stands until it is moved; pushes are sorted and projected as they are made.
 */
export async function openTestApi(overrides: Overrides = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-http-'));
  const clock = { now: Date.UTC(2025, 4, 22, 5) };
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  // In this thread: that calls cross to the store's own threads unharmed is for open-sqlite-store.test.ts.
  const store = openDirectly(sqliteFilesIn(dataDir), () => clock.now);
  const projector = new Projector({
    journal: store.journal,
    projection: store.projection,
    toInstant: createVendorTime('Asia/Shanghai'),
  });
  const recordings = join(folder, 'recordings');
  const assets = await openDiskStorage({ root: recordings });
  const logLines: string[] = [];
  const metrics = createMetrics(() => clock.now, '0');
  const notifier = new EntryNotifier(store.journal);
  const links = new LinkKeyring({
    linkKeys: store.linkKeys,
    writer: { linkKeys: store.linkKeysWriter, randomBytes },
    publicUrl: () => publicUrl,
    linkMs,
    clock: () => clock.now,
  });
  const sending = openSendingDeps(() => clock.now);
  const operating = openOperatingDeps({
    ...{ store, assets, metrics, notifier, dataDir, publicUrl, clock: () => clock.now },
    status: async () => statusOf(clock.now),
  });
  const readClock = (): number => clock.now;
  const { endpoints, endpointsWriter, deliveries, replays, replaysWriter, acknowledgements } = store;
  const serving = createServing({ store, assets, links, onJobsChanged: () => undefined, clock: readClock });
  const parts: HttpServerParts = {
    server: {
      intake: {
        handle: (request, response) => {
          response
            .setHeader('content-type', 'application/json')
            .end(JSON.stringify({ code: 0, msg: request.url }));
        },
      },
      logger: pino({ level: 'debug' }, { write: (line: string) => logLines.push(line) }),
      ...overrides.server,
    },
    people: {
      ...store,
      ...createAccess(store, publicUrl, readClock),
      administratorKeyHash: () => sha256(administratorKey),
      publicUrl: () => publicUrl,
      version: packageVersion,
      clock: readClock,
      ...overrides.people,
    },
    calls: { ...serving.calls, ...overrides.calls },
    recordings: { ...serving.recordings, ...overrides.recordings },
    exports: { ...serving.exports, ...overrides.exports },
    quarantine: { ...serving.quarantine, ...overrides.quarantine },
    messages: {
      ...createPublishing({
        config: { timeZone: 'Asia/Shanghai', maxRecordingBytes },
        ...{ store, assets, links, notifier, clock: readClock },
        onPublished: () => {
          void project().then(() => {
            notifier.notify();
          });
        },
      }),
      ...overrides.messages,
    },
    delivery: {
      ...{ endpoints, endpointsWriter, deliveries, replays, replaysWriter, acknowledgements },
      ...{ journal: store.journal, clock: readClock },
      ...sending.deps,
      ...overrides.delivery,
    },
    sources: { ...operating.sources, ...overrides.sources },
    service: {
      ...operating.service,
      ...{ sessions: store.sessions, metrics, clock: readClock },
      readiness: () => ({ ready: true }),
      status: async () => statusOf(clock.now),
      ...overrides.service,
    },
  };
  const server = createHttpServer(parts);
  const { port } = await server.listen('127.0.0.1', 0);
  const baseUrl = `http://127.0.0.1:${port}`;
  let pushes = 0;

  async function project(): Promise<void> {
    while (await projector.step());
  }

  async function settle(id: string, verdict: DownloadVerdict): Promise<void> {
    await store.recordingsWriter.retryNow(id, clock.now);
    const claimed = await claim();
    const lease = claimed.find((download) => download.id === id);
    if (!lease) throw new Error(`recording ${id} is not due`);
    const ok = verdict.kind === 'archived';
    const settled = await store.downloads.settle({
      id,
      generation: lease.generation,
      attempt: {
        at: clock.now,
        outcome: ok ? 'ok' : 'refuse',
        reason: 'reason' in verdict ? verdict.reason : ok ? 'archived' : 'timeout',
        durationMs: 12,
        bytes: ok ? verdict.asset.bytes : 0,
      },
      verdict,
      now: clock.now,
    });
    if (!settled) throw new Error(`recording ${id} was not ours`);
    await project();
  }

  function claim() {
    return store.downloads.claim({ now: clock.now, leaseMs: 15_000, limit: 100, perHost: 100, running: {} });
  }

  return {
    baseUrl,
    port,
    clock,
    store,
    parts,
    server,
    metrics,
    logLines,
    sending,
    operating,
    recordings,
    assets,
    notifier,
    links,
    settle,
    claim,

    async push(body: unknown, receivedAt = clock.now): Promise<void> {
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const id = ++pushes;
      const sorted = sortPush({ id, receivedAt, source: 'default', remoteAddress: '127.0.0.1', body: bytes });
      await store.journalWriter.append({ ...sorted, sortedUpTo: id });
      await project();
    },

    /** Puts `bytes` where the archiver would have, and settles the download. */
    async archive(recording: Recording, bytes: Uint8Array, fileName = `${recording.id}.wav`): Promise<void> {
      const draft = await assets.openDraft(recording.id);
      await draft.write(bytes);
      await draft.commit(fileName);
      await settle(recording.id, {
        kind: 'archived',
        flags: [],
        asset: {
          bytes: bytes.byteLength,
          sha256: sha256(bytes),
          container: 'wav',
          archivedAt: clock.now,
          fileName,
        },
      });
    },

    /** A request with the administrator's key. */
    ask(path: string, init: RequestInit = {}): Promise<Response> {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${administratorKey}`);
      return fetch(baseUrl + path, { ...init, headers });
    },

    async askJson<T>(path: string, init: RequestInit = {}): Promise<T> {
      const response = await this.ask(path, init);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },

    /** Bytes on a raw socket, for what fetch would tidy; the answer until the server closes. */
    askRaw(head: string): Promise<string> {
      return new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(head));
        let answer = '';
        socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
        socket.on('error', reject).on('close', () => {
          resolve(answer);
        });
      });
    },

    async close(): Promise<void> {
      await server.close();
      store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function statusOf(now: number): ServiceStatus {
  return {
    version: packageVersion,
    instance: 'test',
    startedAt: now,
    intake: { pushesPerMinute: 0, messagesPerMinute: 0, duplicatesPerMinute: 0, ackMs: {} },
    inbox: { pending: 3, oldestAt: now - 40_000 },
    readiness: { ready: false, reason: 'The disk is full.' },
    journal: { lastSeq: 7 },
    consumers: [{ name: 'projector', cursor: 5, lag: 2, oldestAt: now - 7_000 }],
    endpoints: [
      {
        ...{ id: 'e1', name: 'customer', state: 'failing', lag: 2, pending: 3, dead: 1, delivered: 40 },
        ...{ successRate: 0.5, nextAttemptAt: now + 60_000 },
      },
    ],
    recordings: { pending: 1, archived: 2, lost: 3, blocked: 4, deleted: 5, acknowledged: 5, madeUp: 6 },
    nextDeadlineAt: now + 3_600_000,
    quarantine: 5,
    storage: { freeBytes: 1_000_000 },
    store: { kind: 'postgres', state: 'unreachable', since: now },
    processes: [
      {
        ...{ id: 'test', host: 'here', pid: 7, roles: ['intake', 'api'], version: packageVersion },
        ...{ startedAt: now, seenAt: now, duties: ['sort'], endpoints: 2 },
        inbox: { goesTo: 'local', pending: 3, bytes: 900, oldestAt: now },
      },
    ],
  };
}

/** A call record as the sender makes it. */
export function record(callId: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    callId,
    duration: 125,
    startTime: '2025-05-22 12:29:20',
    endTime: '2025-05-22 12:31:31',
    recordFile: `http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/${encodeURIComponent(callId)}.wav?Expires=1748491891&Signature=secret%2B`,
    taskId: '118',
    ...more,
  };
}
