import { beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator, createPerson, type Person } from './support/people.js';

/** A page asks as often how it goes, where no event tells. */
const pollMs = 10_000;

describe('signing in', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  let viewer: Person;

  beforeAll(async () => {
    await createAdministrator(server);
    viewer = await createPerson(server, 'vera', 'viewer');
  });

  it('is asked for', async () => {
    const page = await openConsole(chromium(), server);
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    await inspect(page, 'sign-in', async (w) => {
      const title = w('sign-in:signIn.title');
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      expect(await page.title()).toBe(`${title} · Earshot`);
    });
  });

  it('refuses a wrong password in words, and says what to do', async () => {
    const page = await openConsole(chromium(), server, { expects: /401/ });
    await page.getByLabel('Name').fill(administrator.name);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.keyboard.press('Enter');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('sign-in-refused');
    await expectAccessible(page);
  });

  it('leads to where one wanted to go, by the keyboard alone', async () => {
    const page = await openConsole(chromium(), server, { path: '/settings/keys' });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.keyboard.type(administrator.name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(administrator.password);
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'API keys', selected: true }).waitFor();
    expect(page.url()).toBe(`${server.url}/settings/keys`);
  });

  it('goes nowhere else, whatever the address says', async () => {
    const page = await openConsole(chromium(), server, { path: '/sign-in?then=https://elsewhere.example/' });
    await page.getByLabel('Name').fill(administrator.name);
    await page.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(new URL(page.url()).origin).toBe(server.url);
  });

  it('ends with signing out, and nothing is left in the page', async () => {
    const page = await openConsole(chromium(), server, { account: administrator });
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('button', { name: `Account of ${administrator.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto('/calls');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('shows a viewer the pages of a viewer', async () => {
    const page = await openConsole(chromium(), server, { account: viewer });
    const navigation = page.getByRole('navigation', { name: 'Pages' });
    await navigation.getByRole('link', { name: 'Calls' }).waitFor();
    expect(await navigation.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
    await navigation.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('tab', { name: 'My account' }).waitFor();
    expect(await page.getByRole('tab').count()).toBe(1);
  });

  it('sends a page that was left open to the sign-in when its session has ended elsewhere', async () => {
    const page = await openConsole(chromium(), server, { account: viewer, expects: /401/, leaps: true });
    await page.getByText('Nothing is being lost.').waitFor();
    const [person] = (await server.client.people.list()).items.filter(({ name }) => name === viewer.name);
    await server.client.people.change(person?.id ?? '', { isDisabled: true });
    await page.clock.fastForward(pollMs);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
