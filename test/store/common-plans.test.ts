import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommonRoles } from '../../src/store/common-roles.js';
import { commonRolesOn } from '../../src/store/sqlite/common-roles.js';
import { asynchronous } from '../../src/store/sqlite/thread-roles.js';
import { migrate } from '../../src/store/postgres/migrate.js';
import { Partitions } from '../../src/store/postgres/partitions.js';
import { commonRolesIn } from '../../src/store/postgres/run-work.js';
import { schemaSteps } from '../../src/store/postgres/store-schema.js';
import { NotingConnection } from '../support/noting-connection.js';
import { NotingDatabase } from '../support/noting-database.js';
import { createDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { openTemporaryStore, type TemporaryStore } from '../support/temporary-store.js';
import { withoutIndexes } from '../support/without-indexes.js';
import { fillSql, growingTables, questions } from './common-questions.js';

const tables = growingTables.join('|');

describe('people and their work in a large file', () => {
  let store: TemporaryStore;
  let connection: NotingConnection;
  let roles: CommonRoles;

  beforeAll(() => {
    store = openTemporaryStore();
    connection = new NotingConnection(store.files.store, { busyTimeoutMs: 1_000, cacheKiB: 16_384 });
    const series = `(WITH RECURSIVE each (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM each WHERE i < 10000) SELECT i FROM each)`;
    for (const sql of fillSql(series)) connection.exec(sql);
    const each = Object.entries(commonRolesOn(connection));
    roles = Object.fromEntries(
      each.map(([name, role]) => [name, asynchronous(role)]),
    ) as unknown as CommonRoles;
  });
  afterAll(() => {
    connection.close();
    store.close();
  });

  it.each(Object.keys(questions))('are asked for %s by an index, in its order', async (question) => {
    connection.noted.length = 0;
    await questions[question]?.(roles);
    const plans = connection.takePlans().filter((plan) => new RegExp(`\\b(?:${tables})\\b`).test(plan));
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(plan).not.toMatch(new RegExp(`SCAN (?:${tables})(?! USING (?:COVERING )?INDEX)`));
      if (!inOrderOfAnother.has(question)) expect(plan).not.toContain('USE TEMP B-TREE FOR ORDER BY');
    }
  });
});

describe('people and their work in a large database', () => {
  let temporary: TemporaryDatabase;
  let database: NotingDatabase;
  let roles: CommonRoles;

  beforeAll(async () => {
    temporary = await createDatabase();
    database = new NotingDatabase({ url: temporary.url, connections: 2, answerWithinMs: 120_000 });
    await migrate(database, schemaSteps);
    await withoutIndexes(database, growingTables, async () => {
      for (const sql of fillSql('generate_series(1, 100000) AS i')) await database.run(sql);
    });
    await database.run(`ANALYZE ${growingTables.join(', ')}`);
    roles = commonRolesIn(database, new Partitions(database));
  });
  afterAll(async () => {
    await database.close();
    await temporary.drop();
  });

  it.each(Object.keys(questions))('are asked for %s by an index, in its order', async (question) => {
    database.noted.length = 0;
    await questions[question]?.(roles);
    const plans = (await database.takePlans()).filter(({ sql }) =>
      new RegExp(`\\b(?:${tables})\\b`).test(sql),
    );
    expect(plans.length).toBeGreaterThan(0);
    for (const { sql, plan } of plans) {
      expect(plan, sql).not.toMatch(new RegExp(`Seq Scan on (?:${tables})|Parallel`));
      if (!inOrderOfAnother.has(question)) expect(plan, sql).not.toMatch(/Sort {2}/);
    }
  });
});

/** What is sorted is what belongs to one call, or to one account, or a hundred tags. */
const inOrderOfAnother = new Set([
  'comments of a call',
  'tags of calls',
  'sessions of an account',
  'sessions that are over',
]);
