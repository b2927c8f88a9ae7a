import { describe, expect, it } from 'vitest';
import { StoreError } from '../store/store-error.js';
import { GatheredWrites } from './gathered-writes.js';

/** A writer that is asked to fail by turns, and notes what it was given. */
function openWriter(...failures: (Error | undefined)[]) {
  const groups: number[][] = [];
  const failed: unknown[] = [];
  const writes = new GatheredWrites<number, string>({
    write: (items) => {
      groups.push([...items]);
      const failure = failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve(items.map((item) => `wrote ${item}`));
    },
    onFailure: (error) => failed.push(error),
    lingerMs: 0,
  });
  return { writes, groups, failed };
}

describe('writes of many', () => {
  it('go together, and each is told of its own', async () => {
    const { writes, groups } = openWriter();
    expect(await Promise.all([1, 2, 3].map((item) => writes.add(item)))).toEqual([
      'wrote 1',
      'wrote 2',
      'wrote 3',
    ]);
    expect(groups).toEqual([[1, 2, 3]]);
  });

  it('gather while one is under way', async () => {
    const { writes, groups } = openWriter();
    const first = writes.add(1);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([first, writes.add(2), writes.add(3)]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('are tried until the store can', async () => {
    const { writes, groups, failed } = openWriter(new StoreError('full', 'no space'));
    expect(await writes.add(1)).toBe('wrote 1');
    expect(groups).toEqual([[1], [1]]);
    expect(failed).toHaveLength(1);
  });

  it('that one item spoils are done one by one', async () => {
    const bad = new TypeError('of item 2');
    const { writes } = openWriter(bad, undefined, bad);
    const answers = await Promise.allSettled([1, 2, 3].map((item) => writes.add(item)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('are given up when everything ends, or the store is closed', async () => {
    const ending = openWriter(new StoreError('busy', 'x'));
    ending.writes.end();
    await expect(ending.writes.add(1)).rejects.toThrow('x');
    await expect(openWriter(new StoreError('closed', 'y')).writes.add(1)).rejects.toThrow('y');
  });
});
