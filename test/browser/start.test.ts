import { beforeAll, describe, expect, it } from 'vitest';
import { pushToken } from '../support/server-process.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';

describe('the first steps', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const open = () => openConsole(chromium(), server, { account: administrator, path: '/start' });

  beforeAll(() => createAdministrator(server));

  it('are shown', async () => {
    const page = await open();
    await page.getByTestId('push-url').waitFor();
    await inspect(page, 'start', (w) =>
      page.getByRole('heading', { name: w('start:title'), level: 1 }).waitFor(),
    );
  });

  it('give the push URL to copy, and say that only this machine finds it', async () => {
    const page = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    expect(await page.getByTestId('push-url').textContent()).toBe(`${server.url}/push/${pushToken}`);
    await page.getByText('Only this machine finds this address.').waitFor();
    await page.getByRole('button', { name: 'Copy push URL' }).click();
    await page.getByText('Copied').first().waitFor({ state: 'attached' });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/push/${pushToken}`);
  });

  it('try the storage, step by step', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Test the storage' }).click();
    await page.getByText('The storage works:').waitFor();
    await page.getByText(/Delete it/).waitFor();
  });

  it('wait for the first push, and turn green when it comes', async () => {
    const page = await open();
    await page.getByText('Waiting for the first push').waitFor();
    await page.getByRole('button', { name: 'Send the sample push' }).click();
    await page.getByText('Answered 200 in').waitFor();
    await page.getByText('Pushes arrive.').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Look at its call' }).click();
    await page.waitForURL('**/calls/*');
  });
});
