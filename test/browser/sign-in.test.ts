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

  it('goes to the first page where the address says nonsense', async () => {
    const page = await openConsole(chromium(), server, { path: '/sign-in?then=http%3A%2F%2F%5B' });
    await page.getByLabel('Name').fill(administrator.name);
    await page.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
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

  it('keeps what is being typed when a session has ended, and goes on in place', async () => {
    const reviewer = await createPerson(server, 'rita', 'administrator');
    const page = await openConsole(chromium(), server, {
      ...{ account: reviewer, path: '/settings/keys' },
      expects: /status of 40[13]/,
    });
    await page.getByRole('button', { name: 'New key' }).click();
    const form = page.getByRole('dialog', { name: 'New key' });
    const field = form.getByRole('textbox', { name: 'Name', exact: true });
    await field.fill('of the branch');
    await page.context().clearCookies();
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.waitFor();
    await inspect(page, 'session-ended', (w) =>
      page.getByRole('dialog', { name: w('sign-in:ended.title') }).waitFor(),
    );
    await page.keyboard.press('Escape');
    await again.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.keyboard.press('Enter');
    await again.getByText('sign-in-refused').waitFor();
    await again.getByRole('textbox', { name: 'Password' }).fill(reviewer.password);
    await page.keyboard.press('Enter');
    await again.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('of the branch');
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.getByText('The key is made', { exact: false }).waitFor();
    await form.getByRole('button', { name: 'I have copied it' }).click();

    // In another tab somebody signs in anew: this one has the cookie, and not its token.
    await page.getByRole('button', { name: 'New key' }).click();
    await field.fill('of the other branch');
    await page.context().request.post(`${server.url}/api/v1/session`, {
      data: { name: reviewer.name, password: reviewer.password },
      headers: { origin: server.url },
    });
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.getByText('csrf-refused').waitFor();
    await again.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('of the other branch');
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.getByTestId('new-key').waitFor();
  });

  it('shows nothing of one person’s page to another who signs in there', async () => {
    const page = await openConsole(chromium(), server, {
      ...{ account: administrator, path: '/settings/keys', expects: /status of 40[13]/ },
    });
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('secret plan');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByRole('textbox', { name: 'Name' }).fill(viewer.name);
    await again.getByRole('textbox', { name: 'Password' }).fill(viewer.password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Account of ${viewer.name}` }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('tells a page that was left open that its session has ended elsewhere', async () => {
    const page = await openConsole(chromium(), server, { account: viewer, expects: /401/, leaps: true });
    await page.getByText('Nothing is being lost.').waitFor();
    const [person] = (await server.client.people.list()).items.filter(({ name }) => name === viewer.name);
    await server.client.people.change(person?.id ?? '', { isDisabled: true });
    await page.clock.fastForward(pollMs);
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.getByRole('button', { name: 'Leave without it' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
