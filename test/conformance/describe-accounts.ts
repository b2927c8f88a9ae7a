import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import { createAccount, newAccount, newSession } from './people.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeAccounts(open: OpenStore): void {
  const store = useStore(open);
  const administrator = { role: 'administrator' } as const;

  describe('an account', () => {
    it('is kept with everything that was said of it', async () => {
      const identity = { issuer: 'https://id.example', subject: '0' };
      const made = await createAccount(store(), '王 芳', {
        displayName: 'Wang \u0000 Fang',
        role: 'operator',
        mayListen: true,
        mayDownload: false,
        passwordHash: '$argon2id$',
        identity,
      });
      expect(made).toEqual({
        id: 'id-王 芳',
        name: '王 芳',
        displayName: 'Wang \u0000 Fang',
        role: 'operator',
        mayListen: true,
        mayDownload: false,
        hasPassword: true,
        hasSecondFactor: false,
        identity,
        isDisabled: false,
        createdAt: testStart,
      });
      expect(await store().accounts.get(made.id)).toEqual(made);
      expect(await store().accounts.findByIdentity(identity)).toEqual(made);
      expect(await store().accounts.findByName('王 芳')).toEqual({
        account: made,
        passwordHash: '$argon2id$',
      });
    });

    it('says nothing of what it has not', async () => {
      expect(await createAccount(store(), 'a')).toEqual({
        ...{ id: 'id-a', name: 'a', role: 'reviewer', createdAt: testStart },
        ...{ hasPassword: false, hasSecondFactor: false, isDisabled: false },
      });
      expect(await store().accounts.findByName('a')).not.toHaveProperty('passwordHash');
    });

    it('is found by its name whatever the case, and nobody else gets that name', async () => {
      const { id } = await createAccount(store(), 'Straße@Example.COM');
      expect((await store().accounts.findByName('straße@example.com'))?.account.id).toBe(id);
      expect(await store().accounts.create(newAccount('STRAßE@example.com'))).toBe('name-taken');
      expect(await store().accounts.findByName('strasse')).toBeUndefined();
    });

    it('is one of an identity: the second is refused', async () => {
      const identity = { issuer: 'https://id.example', subject: '1' };
      await createAccount(store(), 'a', { identity });
      expect(await store().accounts.create(newAccount('b', { identity }))).toBe('name-taken');
      await createAccount(store(), 'c', { identity: { ...identity, subject: '2' } });
    });

    it('is listed, the oldest first', async () => {
      await createAccount(store(), 'b', { now: testStart + 1 });
      await createAccount(store(), 'c');
      await createAccount(store(), 'a', { now: testStart + 2 });
      expect((await store().accounts.list()).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
    });
  });

  describe('a change of an account', () => {
    it('keeps what is absent and forgets what is undefined', async () => {
      const made = await createAccount(store(), 'a', {
        displayName: 'A',
        mayListen: false,
        passwordHash: 'x',
      });
      expect(await store().accounts.change(made.id, { lastSeenAt: 7 })).toEqual({ ...made, lastSeenAt: 7 });
      const { displayName, mayListen, ...rest } = made;
      expect(displayName).toBe('A');
      expect(mayListen).toBe(false);
      expect(
        await store().accounts.change(made.id, { displayName: undefined, mayListen: undefined }),
      ).toEqual({ ...rest, lastSeenAt: 7 });
      expect(await store().accounts.change(made.id, {})).toEqual({ ...rest, lastSeenAt: 7 });
    });

    it('changes the name to one that nobody has', async () => {
      const a = await createAccount(store(), 'a');
      await createAccount(store(), 'b');
      expect(await store().accounts.change(a.id, { name: 'B' })).toBe('name-taken');
      expect(await store().accounts.change(a.id, { name: 'A' })).toMatchObject({ name: 'A' });
      expect((await store().accounts.findByName('a'))?.account.name).toBe('A');
      expect(await store().accounts.change('nobody', { name: 'c' })).toBe('unknown');
    });
  });

  describe('the last administrator', () => {
    it('stays one, in use, whatever is asked', async () => {
      const { id } = await createAccount(store(), 'a', administrator);
      await createAccount(store(), 'b', { role: 'operator' });
      expect(await store().accounts.change(id, { role: 'operator' })).toBe('last-administrator');
      expect(await store().accounts.change(id, { isDisabled: true })).toBe('last-administrator');
      expect(await store().accounts.remove(id)).toBe('last-administrator');
      expect(await store().accounts.get(id)).toMatchObject({ role: 'administrator', isDisabled: false });
    });

    it('is not the last while another is in use', async () => {
      const a = await createAccount(store(), 'a', administrator);
      const b = await createAccount(store(), 'b', administrator);
      expect(await store().accounts.change(b.id, { isDisabled: true })).toMatchObject({ isDisabled: true });
      expect(await store().accounts.remove(a.id)).toBe('last-administrator');
      await store().accounts.change(b.id, { isDisabled: false });
      expect(await store().accounts.remove(a.id)).toBe('removed');
      expect(await store().accounts.remove(a.id)).toBe('unknown');
    });

    it('stays when each of two takes the right from the other at the same moment', async () => {
      const a = await createAccount(store(), 'a', administrator);
      const b = await createAccount(store(), 'b', administrator);
      const answers = await Promise.all(
        [a, b].map(({ id }) => store().accounts.change(id, { role: 'viewer' })),
      );
      expect(answers.filter((answer) => answer === 'last-administrator')).toHaveLength(1);
    });
  });

  describe('an account that is removed', () => {
    it('goes with its sessions and its own views; those for everybody stay', async () => {
      const { id } = await createAccount(store(), 'a');
      await store().sessions.open(newSession('h1', id));
      expect(await store().accounts.remove(id)).toBe('removed');
      expect(await store().accounts.get(id)).toBeUndefined();
      expect(await store().sessions.find('h1', testStart)).toBeUndefined();
      expect(await store().sessions.listOf(id, testStart)).toEqual([]);
    });
  });

  describe('setting up', () => {
    it('takes one token of a start, once', async () => {
      const { setup, accounts } = store();
      expect(await setup.isNeeded()).toBe(true);
      await setup.addToken('one', testStart);
      await setup.addToken('two', testStart + 1);
      await setup.addToken('two', testStart + 2);
      expect(await setup.isToken('one', testStart)).toBe(true);
      expect(await setup.isToken('three', testStart)).toBe(false);
      const first = newAccount('root', administrator);
      expect(await setup.createFirst('three', first)).toBe('token-unknown');
      expect(await setup.createFirst('two', first)).toMatchObject({ name: 'root', role: 'administrator' });
      expect(await setup.isNeeded()).toBe(false);
      expect(await setup.isToken('one', testStart)).toBe(false);
      expect(await setup.createFirst('one', newAccount('again'))).toBe('done-already');
      await setup.addToken('late', testStart);
      expect(await setup.isToken('late', testStart)).toBe(false);
      expect(await accounts.list()).toHaveLength(1);
    });

    it('is needed until somebody can administer, whoever else there is', async () => {
      const { setup } = store();
      await createAccount(store(), 'viewer');
      expect(await setup.isNeeded()).toBe(true);
      await setup.addToken('one', testStart);
      expect(await setup.createFirst('one', newAccount('VIEWER', administrator))).toBe('name-taken');
      expect(await setup.isToken('one', testStart)).toBe(true);
      expect(await setup.createFirst('one', newAccount('root', administrator))).toMatchObject({
        name: 'root',
      });
      expect(await setup.isNeeded()).toBe(false);
    });

    it('takes a token for a day', async () => {
      const { setup } = store();
      const day = 24 * 3_600_000;
      await setup.addToken('one', testStart);
      expect(await setup.isToken('one', testStart + day - 1)).toBe(true);
      expect(await setup.isToken('one', testStart + day)).toBe(false);
      const late = { ...newAccount('root', administrator), now: testStart + day };
      expect(await setup.createFirst('one', late)).toBe('token-unknown');
      await setup.addToken('two', testStart + day);
      expect(await setup.createFirst('two', late)).toMatchObject({ name: 'root' });
    });

    it('makes one account of two attempts at the same moment', async () => {
      await store().setup.addToken('one', testStart);
      const attempts = ['a', 'b'].map((name) =>
        store().setup.createFirst('one', newAccount(name, administrator)),
      );
      const answers = await Promise.all(attempts);
      expect(answers.filter((answer) => answer === 'done-already')).toHaveLength(1);
      expect(await store().accounts.list()).toHaveLength(1);
    });

    it('keeps the newest tokens where nobody ever comes', async () => {
      for (let start = 0; start < 103; start++) await store().setup.addToken(`t${start}`, testStart + start);
      expect(await store().setup.isToken('t2', testStart + 103)).toBe(false);
      expect(await store().setup.isToken('t3', testStart + 103)).toBe(true);
      expect(await store().setup.isToken('t102', testStart + 103)).toBe(true);
    });
  });
}
