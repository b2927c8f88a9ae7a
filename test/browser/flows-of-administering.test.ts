import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { administrator } from './support/people.js';
import { wordsOf } from './support/words.js';

describe('an administrator who sets it up, in the dark', () => {
  const chromium = useChromium();
  const look = looks.englishDark;
  const w = wordsOf(look.language);
  const server = useConsoleServer();

  const open = (path: string, more: Partial<ConsoleOptions> = {}) =>
    openConsole(chromium(), server, { ...look, account: administrator, path, ...more });

  it('comes by the link, which works once', async () => {
    const page = await openConsole(chromium(), server, { ...look, path: '/', expects: /status of 4\d\d/ });
    await page.getByText(w('sign-in:setUp.whereToken')).waitFor();
    await inspect(page, 'set-up-without-link');

    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    const path = `/setup#token=${await server.setUpToken()}`;
    await comeBy(page, `${path}-and-more`);
    await field(w('sign-in:name')).fill(administrator.name);
    await field(w('sign-in:password')).fill(administrator.password);
    await field(w('sign-in:setUp.again')).fill('something else entirely');
    await page.getByText(w('sign-in:setUp.different')).waitFor();
    await inspect(page, 'set-up-fault');
    await field(w('sign-in:setUp.again')).fill(administrator.password);
    await page.getByRole('button', { name: w('sign-in:setUp.act') }).click();
    await page.getByRole('alert', { name: w('problems:setup-token-unknown.title') }).waitFor();
    await inspect(page, 'set-up-refused');

    await comeBy(page, path);
    await field(w('sign-in:name')).fill(administrator.name);
    await field(w('sign-in:password')).fill(administrator.password);
    await field(w('sign-in:setUp.again')).fill(administrator.password);
    await page.getByRole('button', { name: w('sign-in:setUp.act') }).click();
    await page.waitForURL('**/start');
    await comeBy(page, path);
    await page.getByRole('heading', { name: w('sign-in:setUp.done') }).waitFor();
    await inspect(page, 'set-up-done');
  });

  it('finds on each page why it is empty', async () => {
    const page = await open('/');
    await page.getByText(w('overview:verdict.fine')).waitFor();
    await page.getByText(w('overview:endpoints.empty')).waitFor();
    await inspect(page, 'overview-empty');
    const empty = [
      ['calls', '/calls', w('calls:empty.title')],
      ['endpoints', '/endpoints', w('endpoints:empty.title')],
      ['deliveries', '/deliveries', w('deliveries:empty.title')],
      ['causes', '/deliveries?state=dead&by=cause', w('deliveries:causes.none')],
      ['recordings', '/recordings?state=archived', w('recordings:empty.archived')],
      ['audit-log', '/audit-log?action=key.created', w('audit-log:empty')],
      ['keys', '/settings/keys', w('settings:keys.empty')],
    ] as const;
    for (const [name, path, title] of empty) {
      await page.goto(path);
      await page.getByText(title, { exact: true }).waitFor();
      await inspect(page, `${name}-empty`);
    }
  });

  it('takes the first steps, after which it is too late for demo data', async () => {
    const page = await open('/start', { expects: /status of 409/ });
    await page.getByText(w('start:connect.waiting')).waitFor();
    await page.getByRole('button', { name: w('set-up:sample.act') }).click();
    await page.getByRole('link', { name: w('set-up:sample.look') }).waitFor();
    await page.getByText(w('start:connect.received')).waitFor();
    await page.getByRole('button', { name: w('set-up:storage.act') }).click();
    await page.getByText(w('set-up:storage.fine')).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: w('set-up:storage.step.delete') })
      .waitFor();
    await inspect(page, 'start-done');

    // The sample is no call of anybody's; this is one.
    const call = JSON.stringify([{ callId: '7^8', duration: 5, startTime: '2026-01-05 10:00:00' }]);
    const pushed = await fetch(`${server.url}/push/${pushToken}`, { method: 'POST', body: call });
    expect(pushed.status).toBe(200);
    await until(async () => !(await server.client.demo.get()).canLoad, { what: 'the call is seen' });
    await page.getByRole('button', { name: w('set-up:demo.load') }).click();
    await page.getByRole('alert', { name: w('problems:demo-refused.title') }).waitFor();
    await inspect(page, 'demo-refused');
    await page.reload();
    await page.getByText(w('set-up:demo.cannotLoad')).waitFor();
    await inspect(page, 'demo-too-late');
  });

  it('lets a person in, and out again', async () => {
    const page = await open('/settings/people', { expects: /status of 4\d\d/ });
    await page.getByRole('button', { name: w('settings:people.create') }).click();
    const dialog = page.getByRole('dialog', { name: w('settings:people.create') });
    const name = dialog.getByRole('textbox', { name: w('settings:name'), exact: true });
    const create = dialog.getByRole('button', { name: w('settings:create'), exact: true });
    await name.fill(administrator.name);
    await dialog.getByRole('combobox', { name: w('settings:people.role') }).selectOption('reviewer');
    await dialog.getByRole('checkbox', { name: w('settings:right.listen') }).uncheck();
    await dialog
      .getByRole('textbox', { name: w('settings:people.password'), exact: true })
      .fill('the long password of rosa');
    await create.click();
    await dialog.getByRole('alert').waitFor();
    await inspect(page, 'settings-person-refused');
    await name.fill('rosa');
    await create.click();
    const row = page.getByRole('row', { name: 'rosa' });
    await row.waitFor();

    await openConsole(chromium(), server, {
      ...{ ...look, path: '/', expects: /status of 401/ },
      account: { name: 'rosa', password: 'the long password of rosa' },
    });
    const sessionsOf = w('settings:people.sessionsOf', { name: 'rosa' });
    await row.getByRole('button', { name: sessionsOf }).click();
    const sessions = page.getByRole('dialog', { name: sessionsOf });
    await sessions.getByRole('button', { name: w('settings:account.end'), exact: true }).waitFor();
    await inspect(page, 'settings-person-sessions');
    await sessions.getByRole('button', { name: w('settings:account.end'), exact: true }).click();
    await sessions.getByText(w('settings:people.noSessions')).waitFor();
    await inspect(page, 'settings-person-no-sessions');
    await sessions.getByRole('button', { name: w('common:close') }).click();

    await row.getByRole('button', { name: w('settings:people.editWhat', { what: 'rosa' }) }).click();
    const editing = page.getByRole('dialog', { name: w('settings:people.editTitle', { name: 'rosa' }) });
    await editing.getByRole('checkbox', { name: w('settings:people.disable') }).check();
    await inspect(page, 'settings-person-editing');
    await editing.getByRole('button', { name: w('settings:save') }).click();
    await row.getByText(w('settings:people.disabled')).waitFor();
    await inspect(page, 'settings-person-disabled');

    await row.getByRole('button', { name: w('settings:removeWhat', { what: 'rosa' }) }).click();
    const removal = page.getByRole('dialog', { name: w('settings:removeTitle', { what: 'rosa' }) });
    await removal.getByText(w('settings:people.removeText')).waitFor();
    await inspect(page, 'settings-person-removal');
    await removal.getByRole('button', { name: w('settings:remove'), exact: true }).click();
    await row.waitFor({ state: 'detached' });
  });

  it('makes a key, which is shown once', async () => {
    const page = await open('/settings/sources');
    await page.getByRole('tab', { name: w('settings:section.keys') }).click();
    await page.getByRole('button', { name: w('settings:keys.create') }).click();
    const dialog = page.getByRole('dialog', { name: w('settings:keys.create') });
    await dialog.getByRole('textbox', { name: w('settings:name'), exact: true }).fill('crm');
    await dialog.getByRole('checkbox', { name: w('settings:right.export') }).check();
    await inspect(page, 'settings-new-key');
    await dialog.getByRole('button', { name: w('settings:create'), exact: true }).click();
    await dialog.getByText(w('settings:keys.made')).waitFor();
    await inspect(page, 'settings-key-made');
    const key = await dialog.getByTestId('new-key').textContent();
    // Nothing puts it away before it is said that it was kept.
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await page.evaluate(() => history.back());
    await page.keyboard.press('Escape');
    expect(await dialog.getByRole('button', { name: w('common:close') }).count()).toBe(0);
    expect(await dialog.getByTestId('new-key').textContent()).toBe(key);
    expect(new URL(page.url()).pathname).toBe('/settings/keys');
    await dialog.getByRole('button', { name: w('settings:keys.kept') }).click();
    await page.getByRole('row', { name: 'crm' }).waitFor();
    await inspect(page, 'settings-keys-listed');
  });

  it('makes a source, and gives it another address', async () => {
    const page = await open('/settings/sources');
    await page.getByRole('button', { name: w('settings:sources.create') }).click();
    const dialog = page.getByRole('dialog', { name: w('settings:sources.create') });
    await dialog.getByRole('textbox', { name: w('settings:name'), exact: true }).fill('hangzhou');
    await inspect(page, 'settings-new-source');
    await dialog.getByRole('button', { name: w('settings:create'), exact: true }).click();
    const card = page.getByRole('region', { name: 'hangzhou' });
    const before = await card.getByTestId('push-url').textContent();

    await card.getByRole('button', { name: w('settings:sources.rotate') }).click();
    const asking = page.getByRole('dialog', {
      name: w('settings:sources.rotateTitle', { name: 'hangzhou' }),
    });
    await asking.getByRole('combobox', { name: w('settings:sources.overlap') }).selectOption('hour');
    await inspect(page, 'settings-source-rotation');
    await asking.getByRole('button', { name: w('settings:sources.rotate') }).click();
    await card.getByText(w('settings:sources.previous')).waitFor();
    await asking.waitFor({ state: 'detached' });
    expect(await card.getByTestId('push-url').textContent()).not.toBe(before);
    await inspect(page, 'settings-source-rotated');
  });

  it('bounds what a source may do, and sees the bounds', async () => {
    const page = await open('/settings/sources');
    const card = page.getByRole('region', { name: 'hangzhou' });
    await card.getByRole('button', { name: w('settings:sources.limit') }).click();
    const dialog = page.getByRole('dialog', {
      name: w('settings:sources.limitTitle', { name: 'hangzhou' }),
    });
    await dialog.getByRole('textbox', { name: w('settings:sources.pushesPerDay') }).fill('512');
    const hosts = 'records.oss-cn-hangzhou.aliyuncs.com';
    await dialog.getByRole('textbox', { name: w('settings:sources.hosts') }).fill(hosts);
    await inspect(page, 'settings-source-limits');
    await dialog.getByRole('button', { name: w('settings:save') }).click();
    await card.getByText(hosts).waitFor();
    await card.getByText(/512 MB/).waitFor();
    await inspect(page, 'settings-source-limited');
  });

  it('reads who did what, and signs out', async () => {
    const page = await open('/audit-log');
    await page.getByRole('combobox', { name: w('audit-log:filter.action') }).selectOption('key.created');
    await page.waitForURL('**/audit-log?action=key.created');
    await page.getByRole('cell', { name: w('audit-log:action.source.created') }).waitFor({
      state: 'detached',
    });
    await page.getByRole('cell', { name: w('audit-log:action.key.created') }).waitFor();
    await page.getByRole('button', { name: w('audit-log:check.act') }).click();
    await page.getByText(w('audit-log:check.intact')).waitFor();
    await inspect(page, 'audit-log-filtered');

    const menu = w('common:account.label', { name: administrator.name });
    await page.getByRole('button', { name: menu }).click();
    const signOut = page.getByRole('menuitem', { name: w('common:account.signOut') });
    await signOut.waitFor();
    await inspect(page, 'account-menu');
    await signOut.click();
    await page.getByRole('heading', { name: w('sign-in:signIn.title'), level: 1 }).waitFor();
  });
});

/** As from the link in a terminal: the page begins anew, even where only what is behind the # is another. */
async function comeBy(page: Page, path: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(path);
}
