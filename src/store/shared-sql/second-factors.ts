import type { SecondFactor, SecondFactors } from '../accounts.js';
import { type OperationsOf, read, write } from './operations.js';
import { change, lock, rowOf, type Work } from './work.js';

export const secondFactors: OperationsOf<SecondFactors> = {
  find: read(find),

  set: write(function* (accountId, factor) {
    yield* lock('accounts');
    const changed = yield* change(
      'UPDATE accounts SET totp_secret = $2, totp_step = $3, recovery_hashes = $4 WHERE id = $1',
      accountId,
      factor?.secret ?? null,
      factor?.takenStep ?? null,
      factor ? JSON.stringify(factor.recoveryHashes) : null,
    );
    return changed === 1;
  }),

  takeStep: write(function* (accountId, step) {
    const sql = 'UPDATE accounts SET totp_step = $2 WHERE id = $1 AND totp_step < $2';
    return (yield* change(sql, accountId, step)) === 1;
  }),

  takeRecoveryCode: write(function* (accountId, hash) {
    yield* lock('accounts');
    const hashes = (yield* find(accountId))?.recoveryHashes ?? [];
    if (!hashes.includes(hash)) return false;
    const left = hashes.filter((other) => other !== hash);
    const sql = 'UPDATE accounts SET recovery_hashes = $2 WHERE id = $1';
    yield* change(sql, accountId, JSON.stringify(left));
    return true;
  }),
};

function* find(accountId: string): Work<SecondFactor | undefined> {
  const row = yield* rowOf(
    'SELECT totp_secret, totp_step, recovery_hashes FROM accounts WHERE id = $1 AND totp_secret IS NOT NULL',
    accountId,
  );
  return (
    row && {
      secret: row['totp_secret'] as string,
      takenStep: row['totp_step'] as number,
      recoveryHashes: JSON.parse(row['recovery_hashes'] as string) as string[],
    }
  );
}
