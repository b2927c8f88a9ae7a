import { createHash } from 'node:crypto';
import type { SignInFailures } from '../accounts.js';
import { brief, type OperationsOf, page, write } from './operations.js';
import { change, rowsOf } from './work.js';

/** Of one key: whoever counts them stops long before. */
const keptInstants = 300;

export const signInFailures: OperationsOf<SignInFailures> = {
  since: page(function* (key, since) {
    const rows = yield* rowsOf(
      `SELECT at, times FROM sign_in_failures WHERE key_hash = $1 AND at >= $2 ORDER BY at DESC LIMIT ${keptInstants}`,
      hashOf(key),
      since,
    );
    return rows.flatMap((row) => Array<number>(row['times'] as number).fill(row['at'] as number));
  }),

  record: brief(function* (key, at) {
    yield* change(
      `INSERT INTO sign_in_failures (key_hash, at, times) VALUES ($1, $2, 1)
       ON CONFLICT (key_hash, at) DO UPDATE SET times = sign_in_failures.times + 1`,
      hashOf(key),
      at,
    );
    yield* change(
      `DELETE FROM sign_in_failures WHERE key_hash = $1 AND at <=
         (SELECT at FROM sign_in_failures WHERE key_hash = $1 ORDER BY at DESC LIMIT 1 OFFSET ${keptInstants})`,
      hashOf(key),
    );
  }),

  clear: write(function* (key) {
    yield* change('DELETE FROM sign_in_failures WHERE key_hash = $1', hashOf(key));
  }),

  sweep: write(function* (before, limit) {
    return yield* change(
      `DELETE FROM sign_in_failures WHERE (key_hash, at) IN
         (SELECT key_hash, at FROM sign_in_failures WHERE at < $1 ORDER BY at LIMIT $2)`,
      before,
      limit,
    );
  }),
};

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
