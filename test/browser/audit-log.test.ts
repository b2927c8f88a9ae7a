import { beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { keepScreenshot } from './support/keep-screenshot.js';
import { looks, openConsole } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';

const texts = {
  en: { title: 'Audit log', check: 'Check the chain', intact: 'The chain holds' },
  'zh-CN': { title: '审计日志', check: '校验链条', intact: '链条完整' },
} as const;

describe('the audit log', () => {
  const chromium = useChromium();
  const server = useConsoleServer();

  beforeAll(async () => {
    await createAdministrator(server);
    await createPerson(server, 'vera', 'viewer');
    for (let time = 0; time < 120; time++) await server.client.settings();
  });

  it.each(looks)('is shown, and checked, in $language, $scheme', async (look) => {
    const { title, check, intact } = texts[look.language];
    const page = await openConsole(chromium(), server, {
      account: administrator,
      path: '/audit-log',
      ...look,
    });
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.getByRole('button', { name: check }).click();
    await page.getByText(intact).waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, 'audit-log', look);
  });

  it('is filtered by what was done, in its address', async () => {
    const page = await openConsole(chromium(), server, { account: administrator, path: '/audit-log' });
    await page.getByLabel('What was done').selectOption('account.created');
    await page.waitForURL('**/audit-log?action=account.created');
    // While the list is fetched there is none: what was there is gone before what was asked for has come.
    const created = page.getByRole('cell', { name: 'created an account' });
    await created.nth(1).waitFor();
    await page.getByRole('cell', { name: 'looked at the settings' }).first().waitFor({ state: 'detached' });
    expect(await created.count()).toBe(2);
    await page.reload();
    await page.getByRole('cell', { name: 'created an account' }).first().waitFor();
    expect(await page.getByLabel('What was done').inputValue()).toBe('account.created');
  });

  it('goes on page by page to its first record', async () => {
    const page = await openConsole(chromium(), server, { account: administrator, path: '/audit-log' });
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('That is all.').waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(120);
  });
});
