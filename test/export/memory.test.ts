import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { openDiskStorage } from '../../src/storage/disk.js';
import { toCallJson } from '../../src/http/call-json.js';
import { DraftOutput } from '../../src/export/output.js';
import { ExportProgress, writeExport, type WriteExportDeps } from '../../src/export/write-export.js';
import { openSpool, type Spool } from '../../src/export/spool.js';
import type { ExportFormat } from '../../src/domain/export-job.js';
import type { Job } from '../../src/store/jobs.js';
import { call, recording } from '../support/exported-calls.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const calls = 100_000;
/** A page of calls and its text, many times over; all of the calls would be some 100 MB. */
const maxGrowthBytes = 16 * 1024 * 1024;
const never = new AbortController().signal;

/** A store of so many calls, and what was held in memory each time it was asked. */
function openMeasuredCalls() {
  let [baseline, growth] = [0, 0];
  const deps: Pick<WriteExportDeps, 'calls' | 'tags'> = {
    tags: { ofCalls: () => Promise.resolve(new Map()) },
    calls: {
      count: () => Promise.resolve({ calls }),
      search: ({ limit, after }) => {
        const begin = after?.id ?? 0;
        if (begin % 10_000 === 0) {
          collectGarbage();
          const held = process.memoryUsage().heapUsed;
          if (begin === 10_000) baseline = held;
          else if (begin > 10_000) growth = Math.max(growth, held - baseline);
        }
        const end = Math.min(begin + limit, calls);
        const items = Array.from({ length: end - begin }, (_, index) => {
          const id = begin + index;
          return call(`${id}^${id + 7}`, { recordings: [recording(`r${id}`, { state: 'lost' })] });
        }).map(withoutAsset);
        return Promise.resolve(end < calls ? { items, next: { sortAt: 0, id: end } } : { items });
      },
    },
  };
  return { deps, growth: () => growth };
}

function withoutAsset(each: ReturnType<typeof call>): ReturnType<typeof call> {
  const recordings = each.recordings.map(({ asset: _asset, ...rest }) => rest);
  return { ...each, recordings };
}

describe.each<ExportFormat>(['csv', 'jsonl', 'xlsx', 'zip'])('an export of 100,000 calls as %s', (format) => {
  it('holds a page of them at a time', async () => {
    const storage = await openDiskStorage({ root: makeTemporaryFolder() });
    const { deps, growth } = openMeasuredCalls();
    const order = {
      filter: {},
      selection: {},
      columns: ['callId', 'startAt', 'recordingId'],
      language: 'en',
    };
    const job: Job = {
      ...{
        id: 'x1',
        format,
        request: JSON.stringify(order),
        ownerId: 'a',
        ownerName: 'Ada',
        state: 'running',
      },
      ...{ done: 0, bytes: 0, createdAt: 0 },
    };
    const draft = await storage.openDraft('x1');
    const output = new DraftOutput(draft, storage, never);
    const progress = new ExportProgress();
    const spools: Spool[] = [];
    const openNext = async (name: string): Promise<Spool> => {
      const spool = await openSpool(storage, `x1-${name}`);
      spools.push(spool);
      return spool;
    };
    await writeExport(
      job,
      { ...deps, storage, toJson: toCallJson, timeZone: 'Asia/Shanghai' },
      { output, openSpool: openNext, progress, signal: never },
    );
    for (const spool of spools) await spool.drop();
    await draft.abandon();
    expect(progress.now).toMatchObject({ done: calls, total: calls });
    expect(output.bytes).toBeGreaterThan(1_000_000);
    expect(growth()).toBeLessThan(maxGrowthBytes);
  });
});
