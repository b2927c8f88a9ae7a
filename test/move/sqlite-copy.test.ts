import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anyDispatch, playDispatch } from '../conformance/random-dispatch.js';
import { anyHistory, play } from '../conformance/random-history.js';
import { drive } from '../conformance/store-under-test.js';
import { moveAll, moveBetween, settleAndCheck, tellAll } from './moved-stores.js';
import { makeSqliteCopy, openSqlite, readSqlite } from './sqlite-copies.js';
import { rounds } from '../support/test-run.js';

const nothing = (): Promise<void> => Promise.resolve();

async function copyOf(source: Awaited<ReturnType<typeof openSqlite>>): Promise<unknown> {
  const reading = readSqlite(source.folder);
  const copy = makeSqliteCopy();
  await moveAll({ ...reading, ...copy, sourceJournal: source.journal });
  reading.close();
  copy.close();
  const copied = openSqlite(copy.folder);
  try {
    return await tellAll(copied);
  } finally {
    await copied.close();
  }
}

describe('a copy of a store', () => {
  it('answers as the store does, whatever has happened to calls and recordings', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const source = openSqlite();
        try {
          await play(drive(source), history, nothing);
          await drive(source).project();
          const copied = await copyOf(source);
          expect(copied).toEqual(await tellAll(source));
        } finally {
          await source.close();
        }
      }),
      { numRuns: rounds(6, 25) },
    );
  });

  it('answers as the store does, whatever has been sent', async () => {
    await fc.assert(
      fc.asyncProperty(anyDispatch, async (steps) => {
        const { store } = await playDispatch(openSqlite(), steps);
        const source = store as ReturnType<typeof openSqlite>;
        try {
          expect(await copyOf(source)).toEqual(await tellAll(source));
        } finally {
          await source.close();
        }
      }),
      { numRuns: rounds(6, 25) },
    );
  });

  it('follows what happens while it is made, and however often it is begun again', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, anyHistory, fc.boolean(), async (before, meanwhile, isInterrupted) => {
        const source = openSqlite();
        const reading = readSqlite(source.folder);
        const copy = makeSqliteCopy();
        try {
          const ends = { ...reading, ...copy, sourceJournal: source.journal };
          await play(drive(source), before, nothing);
          let move = moveBetween(ends);
          await move.catchUp();
          await move.checkJournal();
          const middle = Math.floor(meanwhile.length / 2);
          await play(drive(source), meanwhile.slice(0, middle), nothing);
          if (isInterrupted) move = moveBetween(ends);
          await move.catchUp();
          await play(drive(source), meanwhile.slice(middle), nothing);
          await drive(source).project();
          await settleAndCheck(move);
          const copied = openSqlite(copy.folder);
          expect(await tellAll(copied)).toEqual(await tellAll(source));
          await copied.close();
        } finally {
          reading.close();
          copy.close();
          rmSync(copy.folder, { recursive: true, force: true });
          await source.close();
        }
      }),
      { numRuns: rounds(6, 25) },
    );
  });
});
