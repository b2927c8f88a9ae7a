import type { Account, NewAccount, Session } from '../../src/store/accounts.js';
import { testStart } from '../support/temporary-store.js';
import type { StoreUnderTest } from './store-under-test.js';

export function newAccount(name: string, more: Partial<NewAccount> = {}): NewAccount {
  return { id: `id-${name}`, name, role: 'reviewer', now: testStart, ...more };
}

export async function createAccount(
  store: Pick<StoreUnderTest, 'accounts'>,
  name: string,
  more: Partial<NewAccount> = {},
): Promise<Account> {
  const created = await store.accounts.create(newAccount(name, more));
  if (created === 'name-taken') throw new Error(`${name} is taken`);
  return created;
}

export function newSession(hash: string, accountId: string, more: Partial<Session> = {}): Session {
  return {
    hash,
    accountId,
    createdAt: testStart,
    lastSeenAt: testStart,
    provenAt: testStart,
    expiresAt: testStart + 1_000,
    address: '203.0.113.7',
    ...more,
  };
}
