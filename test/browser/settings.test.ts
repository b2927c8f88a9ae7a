import { beforeAll, describe, expect, it } from 'vitest';
import { pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';

const sections = ['account', 'sources', 'people', 'keys', 'storage', 'values'];

describe('settings', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const open = (section: string) =>
    openConsole(chromium(), server, { account: administrator, path: `/settings/${section}` });

  beforeAll(() => createAdministrator(server));

  it('are shown', async () => {
    const page = await openConsole(chromium(), server, { account: administrator, path: '/settings' });
    const tabs = page.getByRole('tab');
    await tabs.first().focus();
    for (const section of sections) {
      await page.waitForURL(`**/settings/${section}`);
      await page.waitForLoadState('networkidle');
      await inspect(page, `settings-${section}`, (w) =>
        page.getByRole('heading', { name: w('common:navigation.settings'), level: 1 }).waitFor(),
      );
      await page.keyboard.press('ArrowRight');
    }
  });

  it('let a person in, with a role and what they may hear, and change it', async () => {
    const page = await open('people');
    await page.getByRole('button', { name: 'New account' }).click();
    const dialog = page.getByRole('dialog', { name: 'New account' });
    await dialog.getByLabel('Name', { exact: false }).first().fill('rosa');
    await dialog.getByLabel('Role').selectOption('reviewer');
    await dialog.getByLabel('listen').uncheck();
    await dialog.getByRole('textbox', { name: /^Password/ }).fill('the long password of rosa');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('row', { name: /rosa/ }).waitFor();
    const rosa = async () => (await server.client.people.list()).items.find(({ name }) => name === 'rosa');
    expect((await rosa())?.rights).toEqual(['view', 'review', 'export']);

    await page.getByRole('button', { name: 'Edit rosa' }).click();
    const editing = page.getByRole('dialog', { name: 'Account of rosa' });
    await editing.getByLabel('Role').selectOption('operator');
    await editing.getByRole('button', { name: 'Save' }).click();
    await editing.waitFor({ state: 'detached' });
    expect((await rosa())?.rights).toContain('download');

    await page.getByRole('button', { name: 'Remove rosa' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('row', { name: /rosa/ }).waitFor({ state: 'detached' });
    expect(await rosa()).toBeUndefined();
  });

  it('make a key with the rights that are ticked, and show it once', async () => {
    const page = await open('keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog', { name: 'New key' });
    await dialog.getByLabel('Name', { exact: false }).first().fill('crm');
    await dialog.getByRole('checkbox', { name: 'export' }).check();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Create' }).click();
    const key = (await dialog.getByTestId('new-key').textContent()) ?? '';
    const asks = (path: string) =>
      fetch(server.url + path, { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status);
    expect(await asks('/api/v1/calls')).toBe(200);
    expect(await asks('/api/v1/people')).toBe(403);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('row', { name: /crm/ }).waitFor();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Remove crm' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No keys yet').waitFor();
    await until(async () => (await asks('/api/v1/calls')) === 401, { what: 'the key is refused' });
  });

  it('make a source with an address of its own, and rotate it', async () => {
    const page = await open('sources');
    expect(await page.getByTestId('push-url').first().textContent()).toContain(`/push/${pushToken}`);
    await page.getByRole('button', { name: 'New source' }).click();
    const dialog = page.getByRole('dialog', { name: 'New source' });
    await dialog.getByLabel('Name', { exact: false }).first().fill('hangzhou');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const card = page.getByRole('region', { name: 'hangzhou' });
    const url = card.getByTestId('push-url');
    const before = (await url.textContent()) ?? '';
    const push = (address: string) =>
      fetch(address, { method: 'POST', body: '[]' }).then(({ status }) => status);
    expect(await push(before)).toBe(200);

    await card.getByRole('button', { name: 'New address' }).click();
    const asking = page.getByRole('dialog', { name: 'A new address for hangzhou?' });
    await asking.getByLabel('The old address works for').selectOption('none');
    await expectAccessible(page);
    await asking.getByRole('button', { name: 'New address' }).click();
    await asking.waitFor({ state: 'detached' });
    const after = (await url.textContent()) ?? '';
    expect(after).not.toBe(before);
    expect(await push(after)).toBe(200);
    expect(await push(before)).toBe(404);
  });

  it('show what is in force, and no secret', async () => {
    const page = await open('values');
    await page.getByRole('cell', { name: 'EARSHOT_DATA_DIR' }).waitFor();
    expect(await page.content()).not.toContain(pushToken);
  });
});
