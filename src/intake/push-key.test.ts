import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createPushKeys } from './push-key.js';

it('makes UUIDs of version 7, each unlike any other', () => {
  const newKey = createPushKeys(() => Date.UTC(2025, 4, 22), randomBytes);
  const keys = Array.from({ length: 2_000 }, newKey);
  expect(new Set(keys).size).toBe(2_000);
  for (const key of keys) expect(key).toMatch(/^0196f54a-2800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('sorts them by their time', () => {
  let now = Date.UTC(2025, 4, 22);
  const newKey = createPushKeys(() => now++, randomBytes);
  const keys = Array.from({ length: 1_000 }, newKey);
  expect(keys.toSorted()).toEqual(keys);
});
