import { pino } from 'pino';
import { expect, it } from 'vitest';
import { StoreError } from '../store/store-error.js';
import { StoreWatch } from './store-watch.js';

it('a store that goes away and comes back is told of once each, and not again for the same reason', () => {
  const lines: string[] = [];
  let now = 1_000;
  const log = pino(
    { base: null },
    { write: (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const watch = new StoreWatch(
    () => now,
    () => now,
    log,
  );
  const gone = new StoreError('unreachable', 'gone');
  watch.answered();
  watch.failed(new StoreError('busy', 'a moment'));
  expect(watch.now).toEqual({ state: 'reachable', since: 1_000 });
  now = 2_000;
  for (let times = 0; times < 3; times++) watch.failed(gone);
  expect(watch.now).toEqual({ state: 'unreachable', since: 2_000 });
  watch.failed(new StoreError('refused', 'password'));
  now = 3_000;
  watch.answered();
  watch.answered();
  expect(watch.now).toEqual({ state: 'reachable', since: 3_000 });
  expect(lines).toEqual([
    'The store cannot be reached. What does not need it goes on without it.',
    'The store still cannot be reached, for another reason.',
    'The store is back.',
  ]);
});
