import type { LogFn } from 'pino';
import { expect, it } from 'vitest';
import { StoreError } from '../store/store-error.js';
import { createStoreAwayRecords } from './store-away-records.js';

const record = (error: unknown, words = 'could not be read') => [{ err: error }, words] as Parameters<LogFn>;
const away = new StoreError('unreachable', 'nobody at db:5432');

it('a store that is away is one line, then a count a minute, without a stack', () => {
  let now = 0;
  const pass = createStoreAwayRecords(() => now);
  expect(pass(record(away))).toEqual([
    { err: undefined, reason: 'nobody at db:5432', times: 1 },
    'could not be read',
  ]);
  for (now = 50; now < 60_000; now += 50) expect(pass(record(away, 'something else'))).toBeUndefined();
  now = 60_000;
  expect(pass(record(away))?.[0]).toMatchObject({ times: 1_200 });
  expect(pass(record(away))).toBeUndefined();
});

it('whatever else is told passes as it is', () => {
  const pass = createStoreAwayRecords(() => 0);
  pass(record(away));
  for (const other of [record(new StoreError('corrupt', 'x')), record(new Error('y')), ['words']]) {
    expect(pass(other as Parameters<LogFn>)).toBe(other);
  }
});
