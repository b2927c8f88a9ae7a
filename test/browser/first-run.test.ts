import { beforeAll, describe, expect, it } from 'vitest';
import { languages } from '../../console/src/i18n/languages.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator } from './support/people.js';
import { wordsOf } from './support/words.js';

const words = {
  name: 'Name',
  password: /^Password/,
  again: 'The password again',
  act: 'Create the administrator',
} as const;

describe('the first run', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  let token = '';

  beforeAll(async () => {
    token = await server.setUpToken();
  });

  it('says where the link is to those who come without it', async () => {
    const page = await openConsole(chromium(), server, { path: '/calls' });
    await page.waitForURL('**/setup');
    await page.getByText('earshot account setup-link').waitFor();
    await expectAccessible(page);
    // Accounts made by key or by command are there before an administrator may be.
    const w = wordsOf('en');
    await page.getByRole('link', { name: w('sign-in:signIn.title') }).click();
    await page.getByRole('textbox', { name: w('sign-in:name') }).waitFor();
  });

  it.each(languages)('asks for the administrator, in the language of the browser: %s', async (language) => {
    const page = await openConsole(chromium(), server, { language, path: `/setup#token=${token}` });
    await page.getByRole('button', { name: wordsOf(language)('sign-in:setUp.act') }).waitFor();
    expect(page.url(), 'the token is out of sight').toBe(`${server.url}/setup`);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    if (language === 'en') await inspect(page, 'set-up');
  });

  it('refuses two passwords that differ, and a link that is none', async () => {
    const page = await openConsole(chromium(), server, {
      path: '/setup#token=not-the-token-of-this-server',
      expects: /40[0-9]/,
    });
    const { name, password, again, act } = words;
    await page.getByLabel(name, { exact: false }).fill(administrator.name);
    await page.getByRole('textbox', { name: password }).fill(administrator.password);
    await page.getByRole('textbox', { name: again }).fill('something else entirely');
    await page.getByRole('button', { name: act }).click();
    await page.getByText('The two are different.').waitFor();
    await page.getByRole('textbox', { name: again }).fill(administrator.password);
    await page.getByRole('button', { name: act }).click();
    await page.getByRole('alert').waitFor();
    expect((await (await fetch(`${server.url}/api/v1/session`)).json()) as object).toMatchObject({
      setupNeeded: true,
    });
  });

  it('creates the administrator with the keyboard alone, and goes on to the first steps', async () => {
    const page = await openConsole(chromium(), server, { path: `/setup#token=${token}` });
    // The name has the focus.
    await page.getByRole('button', { name: words.act }).waitFor();
    await page.keyboard.type(administrator.name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(administrator.password);
    await page.keyboard.press('Tab');
    await page.keyboard.type(administrator.password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/start');
    await page.getByRole('heading', { name: 'First steps', level: 1 }).waitFor();
    await page.getByText('Waiting for the first push').waitFor();
  });

  it('takes the link once', async () => {
    const page = await openConsole(chromium(), server, { path: `/setup#token=${token}` });
    await page.getByRole('heading', { name: 'Earshot is set up' }).waitFor();
    const again = await fetch(`${server.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, name: 'somebody', password: 'a second administrator' }),
    });
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect((await server.client.people.list()).items.map(({ name }) => name)).toEqual([administrator.name]);
  });

  it('keeps the token and the passwords to itself', () => {
    expect(server.process.words()).not.toContain(token);
    expect(server.process.words()).not.toContain(administrator.password);
  });
});
