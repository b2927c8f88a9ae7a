import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTemporaryStore, testStart, type TemporaryStore } from '../../test/support/temporary-store.js';
import { tidyQuarantine, type QuarantineBounds } from './tidy-quarantine.js';

let store: TemporaryStore;
beforeEach(() => {
  store = openTemporaryStore();
});
afterEach(() => store.close());

const mebibyte = 1024 * 1024;
const day = 24 * 3_600_000;
let pushes = 0;

const quarantine = (source: string, ...items: { bytes: number; ageMs?: number }[]) =>
  store.journalWriter.append({
    messages: [],
    quarantined: items.map(({ bytes, ageMs = 0 }, itemIndex) => ({
      ...{ pushId: pushes++, itemIndex, source, reason: 'not-json' },
      receivedAt: testStart - ageMs,
      body: Buffer.alloc(bytes, 'x'),
    })),
  });

const tidy = (bounds: Partial<QuarantineBounds> = {}) =>
  tidyQuarantine(store, {
    ...{ receivedBefore: testStart - 90 * day, pushesKeptSince: testStart - 7 * day },
    ...{ maxBytesPerSource: 10 * mebibyte, ...bounds },
  });

describe('tidying quarantine', () => {
  it('leaves what is within the bounds alone', async () => {
    await quarantine('a', { bytes: mebibyte, ageMs: 89 * day }, { bytes: 5 });
    expect(await tidy()).toEqual({ expired: 0, beyondQuota: [] });
    expect(await store.quarantine.count()).toBe(2);
  });

  it('deletes what has been there for long, however much it is', async () => {
    await quarantine('a', ...Array.from({ length: 501 }, () => ({ bytes: 1, ageMs: 91 * day })), {
      bytes: 1,
    });
    expect(await tidy()).toEqual({ expired: 501, beyondQuota: [] });
    expect(await store.quarantine.count()).toBe(1);
  });

  it('deletes the oldest of a source that has too much, no more than needed, and nothing of the others', async () => {
    await quarantine('good', { bytes: 100 });
    await quarantine('bad', ...Array.from({ length: 14 }, () => ({ bytes: mebibyte })));
    await quarantine('good', { bytes: 100 });
    expect(await tidy()).toEqual({ expired: 0, beyondQuota: [{ source: 'bad', count: 5 }] });
    expect(await store.quarantine.kinds({})).toMatchObject([{ source: 'bad', count: 9 }, { count: 2 }]);
    const { items } = await store.quarantine.list({ limit: 100 });
    expect(items.at(-1)?.source).toBe('good');
    expect(await tidy()).toEqual({ expired: 0, beyondQuota: [] });
  });

  it('counts what many small items take beside their bytes', async () => {
    await quarantine('bad', ...Array.from({ length: 3_000 }, () => ({ bytes: 1 })));
    await tidy({ maxBytesPerSource: mebibyte });
    const left = await store.quarantine.count();
    expect(left).toBeLessThanOrEqual(mebibyte / 513);
    expect(left).toBeGreaterThan(1_800);
  });

  it('forgets what it had deleted once the push cannot be read again', async () => {
    await quarantine('a', { bytes: 1, ageMs: 8 * day }, { bytes: 1 });
    const again = () =>
      store.journalWriter.append({
        messages: [],
        quarantined: [8 * day, 0].map((ageMs, itemIndex) => ({
          ...{ pushId: pushes - 2 + itemIndex, itemIndex, source: 'a', reason: 'not-json' },
          ...{ receivedAt: testStart - ageMs, body: Buffer.from('x') },
        })),
      });
    await store.quarantineWriter.discardChosen({}, 10);
    expect(await again()).toMatchObject({ quarantined: 0 });
    await tidy();
    // Nothing reads it again: it would be there as a new one.
    expect(await again()).toMatchObject({ quarantined: 1 });
  });
});
