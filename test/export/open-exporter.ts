import { Exporter, type ExporterDeps } from '../../src/export/exporter.js';
import { toCallJson } from '../../src/http/call-json.js';
import type { Job } from '../../src/store/jobs.js';
import type { TestApi } from '../http/open-test-api.js';

export const keepMs = 60_000;

/** The exporter over the store and the storage of a server. */
export function openExporter(api: TestApi, overrides: Partial<ExporterDeps> = {}): Exporter {
  return new Exporter({
    ...{ calls: api.store.calls, tags: api.store.tags, jobs: api.store.jobWork, storage: api.assets },
    ...{
      toJson: toCallJson,
      timeZone: 'Asia/Shanghai',
      clock: () => api.clock.now,
      log: api.parts.server.logger,
    },
    stopwatch: () => performance.now(),
    settings: { leaseMs: 15_000, tickMs: 20, keepMs },
    ...overrides,
  });
}

let jobs = 0;

/** An export that somebody asked for: of all calls. */
export async function order(api: TestApi, format: Job['format']): Promise<string> {
  const request = { filter: {}, selection: {}, columns: ['callId', 'recordingId'], language: 'en' };
  const id = `x${++jobs}`;
  const owner = { ownerId: 'account:a1', ownerName: 'Ada', createdAt: api.clock.now };
  await api.store.jobs.create({ id, format, request: JSON.stringify(request), ...owner });
  return id;
}

export async function jobOf(api: TestApi, id: string): Promise<Job> {
  const job = await api.store.jobs.get(id);
  if (!job) throw new Error(`there is no export ${id}`);
  return job;
}
