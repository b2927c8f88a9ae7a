import { expect, it } from 'vitest';
import { WriteBehind } from './write-behind.js';

it('has one write under way, and begins the next when it has ended', async () => {
  const writes = new WriteBehind();
  const events: string[] = [];
  let endFirst: () => void = () => undefined;
  await writes.begin(() => {
    events.push('first begins');
    return new Promise((resolve) => {
      endFirst = () => {
        events.push('first ends');
        resolve();
      };
    });
  });
  const second = writes.begin(() => {
    events.push('second begins');
    return Promise.resolve();
  });
  expect(events).toEqual(['first begins']);
  endFirst();
  await second;
  await writes.settle();
  expect(events).toEqual(['first begins', 'first ends', 'second begins']);
});

it('throws a failure once, and begins nothing behind it', async () => {
  const writes = new WriteBehind();
  await writes.begin(() => Promise.reject(new Error('disk full')));
  let hasBegun = false;
  const next = writes.begin(() => {
    hasBegun = true;
    return Promise.resolve();
  });
  await expect(next).rejects.toThrow('disk full');
  expect(hasBegun).toBe(false);
  await writes.settle();
});
