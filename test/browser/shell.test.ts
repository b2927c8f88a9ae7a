import { beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';
import { wordsOf } from './support/words.js';

describe('what stands around every page', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const open = (options: Partial<Parameters<typeof openConsole>[2]> = {}) =>
    openConsole(chromium(), server, { account: administrator, ...options });

  beforeAll(() => createAdministrator(server));

  it('leads by two keys to each page, whose heading then has the focus', async () => {
    const page = await open();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    for (const [key, title] of [
      ['c', 'Calls'],
      ['e', 'Endpoints'],
      ['d', 'Deliveries'],
      ['q', 'Quarantine'],
      ['s', 'Settings'],
      ['a', 'Audit log'],
      ['o', 'Overview'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      const heading = page.getByRole('heading', { name: title, level: 1 });
      await heading.waitFor();
      await page.waitForFunction((name) => document.activeElement?.textContent === name, title);
      expect(await page.title()).toBe(`${title} · Earshot`);
    }
  });

  it('shows under ? what can be pressed, and closes it by Escape', async () => {
    const page = await open();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.keyboard.press('?');
    const map = page.getByRole('dialog', { name: 'Keyboard' });
    await map.getByText('Search for calls').waitFor();
    await map.getByText('Go to Audit log').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await map.waitFor({ state: 'detached' });
  });

  it('searches from anywhere by /', async () => {
    const page = await open({ path: '/settings' });
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('1000016^10000185');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/calls');
    expect(new URL(page.url()).searchParams.get('q')).toBe('1000016^10000185');
  });

  it('does not take for a key what is typed into a field', async () => {
    const page = await open();
    await page.getByRole('searchbox').click();
    await page.keyboard.type('gc?');
    expect(await page.getByRole('searchbox').inputValue()).toBe('gc?');
    expect(page.url()).toBe(`${server.url}/`);
  });

  it('lets the keyboard skip the navigation', async () => {
    const page = await open();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'main');
  });

  it('changes the language at once, and keeps it', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Language: English' }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByRole('heading', { name: '概览', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '概览', level: 1 }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  });

  it('follows a change of language in another tab', async () => {
    const page = await open({ path: '/settings/keys' });
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').getByLabel('Name', { exact: false }).first().fill('crm');
    const other = await page.context().newPage();
    await other.goto('/');
    await other.getByRole('button', { name: 'Language: English' }).click();
    await other.getByRole('menuitem', { name: '简体中文' }).click();
    const w = wordsOf('zh-CN');
    const dialog = page.getByRole('dialog', { name: w('settings:keys.create') });
    const name = dialog.getByRole('textbox', { name: w('settings:name'), exact: true });
    expect(await name.inputValue(), 'what was begun is still there').toBe('crm');
  });

  it('is dark when it is told to, and keeps that', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    const root = page.locator('html');
    await page.waitForFunction(
      () => document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark',
    );
    await page.reload();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await root.getAttribute('data-mantine-color-scheme')).toBe('dark');
  });

  it('opens from a link that a chat has added to, and says what it could not read', async () => {
    const chat = 'from=singlemessage&isappinstalled=0&utm_source=chat&state=%E0%A4&show=1&__proto__=1';
    const w = wordsOf('en');
    const page = await open({ path: '/endpoints' });
    const passedOver = page.getByText(w('common:passedOver.title'));
    for (const [path, title, unread] of [
      ['/', w('overview:title'), ''],
      ['/calls', w('calls:title'), 'from=singlemessage, state=\u{fffd}'],
      ['/recordings', w('recordings:title'), 'state=\u{fffd}'],
      ['/endpoints', w('endpoints:title'), ''],
      ['/endpoints/new', w('endpoints:newTitle'), ''],
      ['/deliveries', w('deliveries:title'), 'state=\u{fffd}'],
      ['/quarantine', w('quarantine:title'), ''],
      ['/settings/keys', w('settings:title'), ''],
      ['/start', w('start:title'), ''],
      ['/audit-log', w('audit-log:title'), 'from=singlemessage'],
    ] as const) {
      await page.goto(`${path}?${chat}`);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.getByRole('status', { name: w('common:loading') }).waitFor({ state: 'detached' });
      for (const problem of [
        w('common:problem.broken'),
        w('common:problem.unreachable'),
        'parameter-invalid',
      ])
        expect(await page.getByText(problem).count(), path).toBe(0);
      expect(await passedOver.count(), path).toBe(unread === '' ? 0 : 1);
      if (unread === '') continue;
      await page.getByText(w('common:passedOver.text', { parameters: unread })).waitFor();
    }
    await inspect(page, 'passed-over');
    await page.getByRole('button', { name: w('common:close') }).click();
    expect(await passedOver.count()).toBe(0);

    // What the link itself said stands before what was added.
    await page.goto('/calls?state=lost&from=2026-01-02&from=singlemessage');
    await page.getByText('from Jan 2, 2026').waitFor();
    expect(await passedOver.count()).toBe(0);
  });

  it('says that there is no page at an address', async () => {
    const look = looks.chinese;
    const w = wordsOf(look.language);
    const overview = w('common:navigation.overview');
    const page = await open({ ...look, path: '/no/such/page' });
    await page.getByRole('heading', { name: w('common:notFound.title'), level: 1 }).waitFor();
    await inspect(page, 'not-found');
    await page.getByRole('main').getByRole('link', { name: overview }).click();
    await page.getByRole('heading', { name: overview, level: 1 }).waitFor();
  });

  it('folds its navigation on a narrow screen', async () => {
    const look = looks.chineseDark;
    const w = wordsOf(look.language);
    const page = await open(look);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByRole('button', { name: w('common:navigation.toggle') }).click();
    const quarantine = page.getByRole('link', { name: w('common:navigation.quarantine') });
    await quarantine.waitFor();
    await inspect(page, 'narrow-navigation');
    await quarantine.click();
    await page.getByRole('heading', { name: w('quarantine:title'), level: 1 }).waitFor();
    await page.getByText(w('quarantine:empty.title')).waitFor();
    await inspect(page, 'narrow', async () => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, 'nothing is wider than the screen').toBeLessThanOrEqual(390);
    });
  });
});
