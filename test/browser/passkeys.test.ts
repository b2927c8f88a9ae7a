import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { takeFreePorts } from '../support/free-ports.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer, type ConsoleServer } from './support/console-server.js';
import { forgetProofs } from './support/forget-proofs.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { administrator, createAdministrator, createPerson, type Person } from './support/people.js';
import { wordsOf } from './support/words.js';

/** A device with a finger on it, as Chromium has it for tests. */
async function addDevice(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  return {
    /** Whoever is there now is not its owner. */
    refuse: () => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    accept: () => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true }),
  };
}

describe('passkeys', () => {
  const chromium = useChromium();
  const server = useConsoleServer(async () => {
    const [port = 0] = await takeFreePorts(1);
    return { EARSHOT_PORT: String(port), EARSHOT_PUBLIC_URL: `http://localhost:${port}` };
  });
  let olga: Person;
  beforeAll(async () => {
    await createAdministrator(server);
    olga = await createPerson(server, 'olga', 'operator');
  });
  /** By the name that passkeys are made for. */
  const named = (): ConsoleServer => ({ ...server, url: server.url.replace('127.0.0.1', 'localhost') });
  const open = (path: string, more: Partial<ConsoleOptions> = {}) =>
    openConsole(chromium(), named(), { path, expects: /status of 4\d\d/, ...more });

  async function addPasskey(page: Page, name: string, w: ReturnType<typeof wordsOf>): Promise<void> {
    await page.getByRole('textbox', { name: w('settings:passkeys.newName') }).fill(name);
    await page.getByRole('button', { name: w('settings:passkeys.add') }).click();
    await page.getByRole('cell', { name, exact: true }).waitFor();
  }

  it('let a person in who made one, until it is removed', async () => {
    const w = wordsOf('zh-CN');
    const page = await open('/settings', { ...looks.chinese, account: olga });
    const device = await addDevice(page);
    await page.getByRole('textbox', { name: w('settings:passkeys.newName') }).waitFor();
    await inspect(page, 'passkeys-none');
    await addPasskey(page, '办公室', w);
    // The device has one for this account.
    await page.getByRole('textbox', { name: w('settings:passkeys.newName') }).fill('again');
    await page.getByRole('button', { name: w('settings:passkeys.add') }).click();
    await page.getByText(w('settings:passkeys.cancelled')).waitFor();
    await inspect(page, 'passkeys-one');

    await page.context().clearCookies();
    await page.goto('/sign-in');
    const signIn = page.getByRole('button', { name: w('sign-in:passkey.signIn') });
    await signIn.waitFor();
    await inspect(page, 'sign-in-passkey');
    await device.refuse();
    await signIn.click();
    await page.getByText(w('sign-in:passkey.cancelled')).waitFor();
    await device.accept();
    await signIn.click();
    await page.getByRole('heading', { name: w('common:navigation.overview'), level: 1 }).waitFor();

    await page.goto('/settings');
    await page.getByRole('button', { name: w('settings:passkeys.remove') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(w('settings:passkeys.removeText')).waitFor();
    await inspect(page, 'passkeys-remove');
    await dialog.getByRole('button', { name: w('settings:passkeys.remove') }).click();
    await page.getByRole('cell', { name: '办公室' }).waitFor({ state: 'detached' });
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await signIn.click();
    await page.getByRole('alert', { name: w('problems:passkey-refused.title') }).waitFor();
  });

  it('show once more who is there, and are taken away by an administrator', async () => {
    const w = wordsOf('en');
    const page = await open('/settings', { account: administrator });
    await addDevice(page);
    await addPasskey(page, 'laptop', w);
    forgetProofs(server.dataDir);
    await page.goto('/settings/people');
    const row = page.getByRole('row', { name: 'olga' });
    await row.getByRole('button', { name: w('settings:people.editWhat', { what: 'olga' }) }).click();
    await page.getByRole('button', { name: w('settings:factor.remove') }).click();
    const proof = page.getByRole('dialog', { name: w('sign-in:proof.title') });
    await proof.getByRole('button', { name: w('sign-in:passkey.prove') }).waitFor();
    await inspect(page, 'proof-passkey');
    await proof.getByRole('button', { name: w('sign-in:passkey.prove') }).click();
    await page.getByText(w('settings:factor.removed')).waitFor();
    const { items } = await server.client.audit.list({ action: 'session.proven' });
    expect(items.map(({ detail }) => detail)).toEqual([{ by: 'passkey' }]);
  });
});

describe('passkeys where nobody has said where Earshot is', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  beforeAll(() => createAdministrator(server));

  it('are not offered, and it is said why', async () => {
    const w = wordsOf('en');
    const page = await openConsole(chromium(), server, { account: administrator, path: '/settings' });
    await page.getByText(w('settings:passkeys.unavailable.public-url-missing')).waitFor();
    await inspect(page, 'passkeys-unavailable');
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await page.getByRole('button', { name: w('sign-in:signIn.act') }).waitFor();
    expect(await page.getByRole('button', { name: w('sign-in:passkey.signIn') }).count()).toBe(0);
  });
});
