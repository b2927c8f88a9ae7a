import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.js';
import type { StoreUnderTest } from '../conformance/store-under-test.js';
import { anyDispatch, playDispatch } from '../conformance/random-dispatch.js';
import { anyHistory, play } from '../conformance/random-history.js';
import { drive } from '../conformance/store-under-test.js';
import { fillWithEverything } from './everything.js';
import { moveAll, moveBetween, settleAndCheck, tellAll } from './moved-stores.js';
import { makePostgresCopy } from './postgres-copies.js';
import { makeSqliteCopy, openSqlite, readSqlite, type SqliteUnderTest } from './sqlite-copies.js';
import { rounds } from '../support/test-run.js';

const nothing = (): Promise<void> => Promise.resolve();

/** Up into PostgreSQL and down again; what each of the three has to tell. */
async function thereAndBack(source: SqliteUnderTest): Promise<unknown[]> {
  const told = [await tellAll(source)];
  const reading = readSqlite(source.folder);
  const up = await makePostgresCopy();
  const store = openPostgresStore({ url: up.url, connections: 4 });
  const down = makeSqliteCopy();
  try {
    const { source: copied, target } = up;
    await moveAll({
      ...reading,
      target,
      copied,
      sourceJournal: source.journal,
      journal: store.journal,
      projection: store.projection,
    });
    const moved: StoreUnderTest = await up.open();
    told.push(await tellAll(moved));
    await moveAll({ ...down, source: copied, sourceJournal: store.journal });
    await moved.close();
    down.close();
    const back = openSqlite(down.folder);
    told.push(await tellAll(back));
    await back.close();
  } finally {
    reading.close();
    down.close();
    rmSync(down.folder, { recursive: true, force: true });
    await store.close();
    await up.drop();
  }
  return told;
}

describe('a store that moved up and back', () => {
  it('answers as before, with everything in it that there can be', async () => {
    const source = openSqlite();
    try {
      await fillWithEverything(source);
      const [before, there, back] = await thereAndBack(source);
      expect(there).toEqual(before);
      expect(back).toEqual(before);
    } finally {
      await source.close();
    }
  });

  it('answers as before, whatever has happened to calls and recordings', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const source = openSqlite();
        try {
          await play(drive(source), history, nothing);
          await drive(source).project();
          const [before, there, back] = await thereAndBack(source);
          expect(there).toEqual(before);
          expect(back).toEqual(before);
        } finally {
          await source.close();
        }
      }),
      { numRuns: rounds(2, 8) },
    );
  });

  it('answers as before, whatever has been sent', async () => {
    await fc.assert(
      fc.asyncProperty(anyDispatch, async (steps) => {
        const { store } = await playDispatch(openSqlite(), steps);
        const source = store as SqliteUnderTest;
        try {
          const [before, there, back] = await thereAndBack(source);
          expect(there).toEqual(before);
          expect(back).toEqual(before);
        } finally {
          await source.close();
        }
      }),
      { numRuns: rounds(2, 8) },
    );
  });
});

describe('a copy in PostgreSQL', () => {
  it('follows what happens while it is made, and however often it is begun again', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, anyHistory, async (before, meanwhile) => {
        const source = openSqlite();
        const reading = readSqlite(source.folder);
        const up = await makePostgresCopy();
        const store = await up.open();
        try {
          const ends = {
            ...reading,
            target: up.target,
            copied: up.source,
            sourceJournal: source.journal,
            journal: store.journal,
            projection: store.projection,
          };
          await play(drive(source), before, nothing);
          const first = moveBetween(ends);
          await first.catchUp();
          await play(drive(source), meanwhile, nothing);
          const second = moveBetween(ends);
          await second.catchUp();
          await drive(source).project();
          await settleAndCheck(second);
          expect(await tellAll(store)).toEqual(await tellAll(source));
        } finally {
          reading.close();
          await store.close();
          await up.drop();
          await source.close();
        }
      }),
      { numRuns: rounds(2, 8) },
    );
  });
});
