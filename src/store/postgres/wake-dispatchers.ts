import type { Transaction } from './database.js';

/** Endpoints or replays were changed: every process that serves endpoints hears of it once this is committed. */
export async function wakeDispatchers(transaction: Transaction): Promise<void> {
  await transaction.run(`SELECT pg_notify('earshot', 'endpoints')`);
}
