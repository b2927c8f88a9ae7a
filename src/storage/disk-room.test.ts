import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { statfsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { measureRoom, reserveOf } from './disk-room.js';

const gibibyte = 1024 ** 3;

it.each([
  ['5 % of a large disk', 1000 * gibibyte, 0, 50 * gibibyte],
  ['at least 1 GiB', 10 * gibibyte, 0, gibibyte],
  ['a day of pushes where that is more', 100 * gibibyte, 12 * gibibyte, 12 * gibibyte],
  ['half of a small disk at most', 200 * 1024 ** 2, 0, 100 * 1024 ** 2],
  ['half at most, whatever a day takes', 100 * gibibyte, 90 * gibibyte, 50 * gibibyte],
])('keeps %s', (_, diskBytes, dayBytes, reserved) => {
  expect(reserveOf(diskBytes, dayBytes)).toBe(reserved);
});

it('keeps nothing on a disk that does not hold the data folder', async () => {
  const dayBytes = () => Promise.resolve(0);
  const here = { dataDir: tmpdir(), dayBytes };
  expect((await measureRoom(tmpdir(), here)).reservedBytes).toBeGreaterThan(0);
  // A file system of its own on every Linux.
  if (statfsSync('/').type === statfsSync('/proc').type) return;
  const elsewhere = await measureRoom(tmpdir(), { dataDir: '/proc', dayBytes });
  expect(elsewhere).toMatchObject({ reservedBytes: 0, roomBytes: elsewhere.freeBytes });
});

it('tells of a folder that is not there what the disk would have', async () => {
  const { freeBytes } = await measureRoom(join(tmpdir(), 'not', 'there'));
  expect(freeBytes).toBeGreaterThan(0);
});
