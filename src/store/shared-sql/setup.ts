import { setupTokenMs, type Setup } from '../accounts.js';
import { insertAccount } from './accounts.js';
import { read, write, type OperationsOf } from './operations.js';
import { change, lock, rowOf, type Work } from './work.js';

/** Links that nobody followed up; whoever makes one over and over must not fill the table. */
const keptTokens = 100;

export const setup: OperationsOf<Setup> = {
  isNeeded: read(isNeeded),

  addToken: write(function* (hash, now) {
    yield* lock('accounts');
    if (!(yield* isNeeded())) return;
    yield* change('INSERT INTO setup_tokens VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING', hash, now);
    yield* change(
      `DELETE FROM setup_tokens WHERE hash NOT IN
         (SELECT hash FROM setup_tokens ORDER BY created_at DESC, hash LIMIT ${keptTokens})`,
    );
  }),

  isToken: read(isToken),

  createFirst: write(function* (tokenHash, account) {
    yield* lock('accounts');
    if (!(yield* isNeeded())) return 'done-already';
    if (!(yield* isToken(tokenHash, account.now))) return 'token-unknown';
    const first = yield* insertAccount(account);
    if (!first) return 'name-taken';
    yield* change('DELETE FROM setup_tokens');
    return first;
  }),
};

/** Who signed in elsewhere may be a viewer, and then nobody could administer. */
function* isNeeded(): Work<boolean> {
  return (
    (yield* rowOf("SELECT 1 FROM accounts WHERE role = 'administrator' AND is_disabled = 0 LIMIT 1")) ===
    undefined
  );
}

function* isToken(hash: string, now: number): Work<boolean> {
  const sql = 'SELECT 1 FROM setup_tokens WHERE hash = $1 AND created_at > $2';
  return (yield* rowOf(sql, hash, now - setupTokenMs)) !== undefined;
}
