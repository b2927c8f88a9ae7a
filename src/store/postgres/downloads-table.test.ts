import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  archived,
  blocked,
  drive,
  lost,
  released,
  retryAt,
  type DrivenStore,
} from '../../../test/conformance/store-under-test.js';
import { makeLink, recordOf } from '../../../test/support/make-message.js';
import { createPreparedDatabase } from '../../../test/support/temporary-database.js';
import { testStart } from '../../../test/support/temporary-store.js';
import { recordingStates, type DownloadVerdict } from '../../domain/recording.js';
import type { ClaimedDownload } from '../recordings.js';
import { Database } from './database.js';
import { openPostgresStore, type PostgresStore } from './open-postgres-store.js';

const hosts = ['a.example', 'b.example', 'c.example:81'];
const minute = 60_000;

/** Several stores on one database, as several processes have them. */
async function withProcesses(
  count: number,
  work: (store: DrivenStore, processes: readonly PostgresStore[], url: string) => Promise<void>,
): Promise<void> {
  const temporary = await createPreparedDatabase();
  const open = (): PostgresStore => openPostgresStore({ url: temporary.url, connections: 3 });
  const store = open();
  const processes = Array.from({ length: count }, open);
  try {
    await store.prepare();
    await work(
      drive({ ...store, reopen: () => Promise.reject(new Error('stays open')) }),
      processes,
      temporary.url,
    );
  } finally {
    for (const each of [store, ...processes]) await each.close();
    await temporary.drop();
  }
}

/** Recordings of `perHost` calls at each host; calls of equal number share a callId, and so a row of `calls`. */
function recordings(perHost: number) {
  return hosts.flatMap((host, which) =>
    Array.from({ length: perHost }, (_, index) =>
      recordOf(`call${index}`, {
        recordFile: makeLink(
          `${which}-${index}.wav`,
          testStart + (index % 5) * minute,
          'a',
          `http://${host}`,
        ),
      }),
    ),
  );
}

const keyOf = ({ id, generation }: ClaimedDownload): string => `${id} ${generation}`;

describe('claims of several processes at once', () => {
  it('never give one download to two, keep to what a host may have, and leave nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (perHost, limit, perHostLimit) =>
          withProcesses(4, async (store, processes) => {
            await store.take(...recordings(perHost));
            const held = new Set<string>();
            while (held.size < 3 * perHost) {
              const rounds = await Promise.all(
                processes.map(({ downloads }) =>
                  downloads.claim({
                    now: testStart,
                    leaseMs: minute,
                    limit,
                    perHost: perHostLimit,
                    running: {},
                  }),
                ),
              );
              for (const claimed of rounds) {
                expect(claimed.length).toBeLessThanOrEqual(limit);
                for (const host of hosts) {
                  expect(claimed.filter((each) => each.host === host).length).toBeLessThanOrEqual(
                    perHostLimit,
                  );
                }
              }
              const all = rounds.flat();
              // At least one of them finds what is due.
              expect(all.length).toBeGreaterThan(0);
              for (const download of all) {
                expect(download.generation).toBe(1);
                expect(held.has(keyOf(download))).toBe(false);
                held.add(keyOf(download));
              }
            }
            expect(await store.claim()).toEqual([]);
          }),
      ),
      { numRuns: 6 },
    );
  });
});

describe('everything at once', () => {
  const verdicts: readonly DownloadVerdict[] = [archived, lost, blocked, released, retryAt(testStart)];

  it('leaves counts and states of calls exact, settles each lease once, and none waits for another for ever', async () => {
    await withProcesses(4, async (store, processes, url) => {
      await store.append(recordings(30));
      const settled: string[] = [];
      const work = async (process: PostgresStore, which: number): Promise<void> => {
        const { downloads, recordingsWriter } = process;
        for (let round = 0; round < 12; round++) {
          const now = testStart + round * minute;
          const claimed = await downloads.claim({ now, leaseMs: 1, limit: 6, perHost: 6, running: {} });
          await downloads.renew(claimed, now + 5);
          for (const [index, { id, generation }] of claimed.entries()) {
            const verdict = verdicts[(index + which + round) % verdicts.length] ?? released;
            const attempt = {
              at: now,
              outcome: 'retry',
              reason: 'timeout',
              durationMs: 1,
              bytes: 0,
            } as const;
            const [once, again] = await Promise.all([
              downloads.settle({ id, generation, verdict, now, attempt }),
              downloads.settle({ id, generation, verdict, now, attempt }),
            ]);
            expect(once && again).toBe(false);
            if (once || again) settled.push(`${id} ${generation}`);
          }
          await downloads.unblock(now, 3);
          await recordingsWriter.retryNow(`r${round * 3 + which + 1}`, now);
          await recordingsWriter.remove(`r${round * 5 + which + 1}`, now);
        }
      };
      const project = async (): Promise<void> => {
        for (let round = 0; round < 12; round++) {
          await store.append(
            recordings(30).map((fields) => ({
              ...fields,
              duration: round,
              recordFile: `${String(fields['recordFile'])}${round}`,
            })),
          );
          await store.project();
        }
      };
      await Promise.all([project(), ...processes.map(work)]);
      await store.project();

      for (const process of processes) await process.close();
      expect(await countDeadlocks(url)).toBe(0);
      expect(new Set(settled).size).toBe(settled.length);
      const { calls, recordings: byState, byState: callsByState, counts } = await store.everything();
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(90);
      for (const state of recordingStates) {
        expect(counts[state]).toBe(byState[state]?.length);
        expect(callsByState[state]).toEqual(
          calls
            .filter((call) => call.recordings.some((each) => each.state === state))
            .map(({ callId }) => callId),
        );
      }
      const attempts = calls.flatMap((call) => call.recordings.map(({ attempts: count }) => count));
      expect(attempts.reduce((sum, count) => sum + count, 0)).toBe(settled.length);
    });
  });
});

/** As PostgreSQL has counted them once the sessions are over. */
async function countDeadlocks(url: string): Promise<unknown> {
  const database = new Database({ url, connections: 1 });
  try {
    const { rows } = await database.run(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]?.['deadlocks'];
  } finally {
    await database.close();
  }
}
