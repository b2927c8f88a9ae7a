import { chmod, rm, writeFile } from 'node:fs/promises';
import { Value } from 'typebox/value';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeliveryCauses } from '../../src/contract/service.js';
import { EffectiveSettings, Overview, StorageTest } from '../../src/contract/service.js';
import { openTestApi, record, type TestApi } from './open-test-api.js';

let api: TestApi;
afterEach(() => api.close());

const hour = 60 * 60 * 1000;

describe('GET /api/v1/overview', () => {
  it('tells of the last hour, of what is due and of what was archived', async () => {
    api = await openTestApi();
    await api.push([record('1^1'), record('2^2')]);
    api.metrics.pushAnswered(200, 3, 100);
    api.metrics.sorted({ appended: 2, duplicates: 0, quarantined: 0 });
    api.operating.figures.pushed('default');
    api.operating.figures.archived(1_500);
    await api.operating.figures.flush();
    // What is not kept yet counts, too.
    api.operating.figures.archived(2_500);
    api.clock.now += 10_000;
    const overview = await api.askJson<Overview>('/api/v1/overview');
    expect([...Value.Errors(Overview, overview)]).toEqual([]);
    expect(overview.recent).toMatchObject([{ at: '2025-05-22T05:00:10.000Z', pushes: 1, messages: 2 }]);
    const { overdue, hours } = overview.radar;
    expect(overdue + hours.reduce((sum, pending) => sum + pending, 0)).toBe(2);
    expect(overview.archivedByHour).toEqual([
      { hour: '2025-05-22T05:00:00.000Z', recordings: 2, bytes: 4_000 },
    ]);
    expect(overview.lastPushAt).toBe('2025-05-22T05:00:00.000Z');
    // Ten seconds are no pace.
    expect(overview.storage).toEqual({
      freeBytes: expect.any(Number),
      reservedBytes: expect.any(Number),
    });
  });

  it('tells for how many days the disk is enough, once there is a day to go by', async () => {
    api = await openTestApi();
    api.operating.figures.archived(6_000);
    await api.operating.figures.flush();
    api.clock.now += 30 * hour;
    const { storage } = await api.askJson<Overview>('/api/v1/overview');
    expect(storage.bytesPerDay).toBe(4_800);
    expect(storage.daysLeft).toBeCloseTo(
      ((storage.freeBytes ?? 0) - (storage.reservedBytes ?? 0)) / 4_800,
      -2,
    );
  });
});

describe('GET /api/v1/settings', () => {
  it('has the shape of the contract', async () => {
    api = await openTestApi();
    const settings = await api.askJson<EffectiveSettings>('/api/v1/settings');
    expect([...Value.Errors(EffectiveSettings, settings)]).toEqual([]);
  });
});

describe('POST /api/v1/storage/test', () => {
  const test = () => api.askJson<StorageTest>('/api/v1/storage/test', { method: 'POST' });

  it('goes the way of a recording and leaves nothing', async () => {
    api = await openTestApi();
    const result = await test();
    expect([...Value.Errors(StorageTest, result)]).toEqual([]);
    expect(result).toMatchObject({ isFine: true, kind: 'disk' });
    expect(result.steps.map(({ name, isFine }) => [name, isFine])).toEqual([
      ['write', true],
      ['read', true],
      ['range', true],
      ['delete', true],
    ]);
    expect(await api.assets.wholeDrafts()).toEqual([]);
  });

  it('says what to do where it fails', async () => {
    api = await openTestApi();
    // A file where the folder of drafts was: a disk that went away, as far as a process can tell.
    await rm(api.recordings, { recursive: true });
    await writeFile(api.recordings, '');
    await chmod(api.recordings, 0o600);
    const { isFine, steps } = await test();
    expect(isFine).toBe(false);
    expect(steps).toEqual([
      {
        name: 'write',
        isFine: false,
        durationMs: expect.any(Number),
        detail: expect.stringMatching(/A file lies where the folder is to be/),
      },
    ]);
  });
});

describe('GET /api/v1/deliveries/causes', () => {
  it('is empty where nothing died', async () => {
    api = await openTestApi();
    const causes = await api.askJson<DeliveryCauses>('/api/v1/deliveries/causes');
    expect(causes).toEqual({ items: [], isPartial: false });
  });
});
