import type { Row } from '../rows/row.js';
import { fromSeqRuns } from '../rows/seq-runs.js';
import { toStretches } from '../rows/stretches.js';
import type { Database, Transaction } from './database.js';

/**
 * Deletes what is left of removed endpoints, `limit` deliveries at most in one transaction. One process sweeps an
 * endpoint at a time; the others find nothing to do there. Returns how many deliveries went.
 */
export async function sweepRemovedEndpoints(database: Database, limit: number): Promise<number> {
  const { rows } = await database.run('SELECT 1 FROM endpoints WHERE is_removed = 1 LIMIT 1');
  if (rows.length === 0) return 0;
  const sweepAll = async (transaction: Transaction): Promise<number> => {
    const removed = await transaction.run(
      'SELECT id FROM endpoints WHERE is_removed = 1 ORDER BY id FOR UPDATE SKIP LOCKED',
    );
    let swept = 0;
    for (const { id } of removed.rows) {
      swept += await sweep(transaction, id as number, limit - swept);
      if (swept >= limit) break;
      await forget(transaction, id as number);
    }
    return swept;
  };
  return await database.transaction(sweepAll, { looksUp: true });
}

async function sweep(transaction: Transaction, endpoint: number, limit: number): Promise<number> {
  let swept = 0;
  for (const state of [0, 1, 2]) {
    const { rows } = await transaction.run(
      `SELECT id, seqs FROM deliveries WHERE state = ${state} AND (endpoint, id) >= ($1::bigint, 0)
       AND (endpoint, id) < ($1::bigint + 1, 0) ORDER BY endpoint, id LIMIT $2`,
      [endpoint, limit - swept],
    );
    if (rows.length > 0) await deleteDeliveries(transaction, endpoint, rows);
    swept += rows.length;
    if (swept >= limit) break;
  }
  return swept;
}

async function deleteDeliveries(
  transaction: Transaction,
  endpoint: number,
  rows: readonly Row[],
): Promise<void> {
  const ids = rows.map((row) => row['id'] as number);
  const notes = rows.flatMap((row) =>
    [...toStretches(fromSeqRuns(row['seqs'] as string))].map((stretch) => [stretch, row['id'] as number]),
  );
  await transaction.run(
    `DELETE FROM delivery_stretches USING unnest($2::bigint[], $3::bigint[]) AS note (stretch, delivery)
     WHERE delivery_stretches.endpoint = $1 AND delivery_stretches.stretch = note.stretch
     AND delivery_stretches.delivery = note.delivery`,
    [endpoint, notes.map(([stretch]) => stretch), notes.map(([, delivery]) => delivery)],
  );
  await transaction.run('DELETE FROM delivery_attempts WHERE delivery = ANY($1::bigint[])', [ids]);
  await transaction.run('DELETE FROM deliveries WHERE id = ANY($1::bigint[])', [ids]);
}

/** Once its deliveries are gone: the rest is small. */
async function forget(transaction: Transaction, endpoint: number): Promise<void> {
  await transaction.run('DELETE FROM delivery_tallies WHERE endpoint = $1', [endpoint]);
  await transaction.run('DELETE FROM replays WHERE endpoint = $1', [endpoint]);
  await transaction.run('DELETE FROM endpoints WHERE id = $1', [endpoint]);
}
