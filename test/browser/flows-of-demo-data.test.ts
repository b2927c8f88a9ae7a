import { beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { holdRequests } from './support/hold-requests.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';
import { wordsOf } from './support/words.js';

describe('somebody who tries it out, in Chinese', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const account = administrator;
  const look = looks.chinese;
  const w = wordsOf(look.language);

  beforeAll(() => createAdministrator(server));

  it('has demo data pushed into an empty instance, and removes them', async () => {
    const page = await openConsole(chromium(), server, { ...look, account, path: '/start' });
    const load = page.getByRole('button', { name: w('set-up:demo.load'), exact: true });
    const remove = page.getByRole('button', { name: w('set-up:demo.remove'), exact: true });

    await load.click();
    // Nothing of it is to be seen before the first calls are there.
    await page.getByRole('progressbar').waitFor();
    const loading = await holdRequests(page, { method: 'GET', path: /\/demo$/ });
    await inspect(page, 'demo-loading', (w) =>
      page.getByRole('progressbar', { name: w('set-up:demo.title') }).waitFor(),
    );
    loading.release();
    await remove.waitFor();

    const { calls, archived } = await server.client.demo.get();
    expect(archived).toBeGreaterThan(calls / 2);
    await page.getByText(w('set-up:demo.present', { calls, archived })).waitFor();
    await remove.click();
    const dialog = page.getByRole('dialog');
    await inspect(page, 'demo-removal', (w) =>
      page
        .getByRole('dialog', { name: w('set-up:demo.removeTitle') })
        .getByText(w('set-up:demo.removeText'))
        .waitFor(),
    );
    await dialog.getByRole('button', { name: w('common:cancel') }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await server.client.demo.get()).calls, 'nothing was removed').toBe(calls);

    const removing = await holdRequests(page, { method: 'GET', path: /\/demo$/ });
    await remove.click();
    await dialog.getByRole('button', { name: w('set-up:demo.remove') }).click();
    await dialog.waitFor({ state: 'detached' });
    await inspect(page, 'demo-being-removed', (w) =>
      page.getByText(w('set-up:demo.removing', { calls })).waitFor(),
    );
    removing.release();
    await load.waitFor();
    expect((await server.client.calls.search({ limit: 1 })).items).toEqual([]);
  });
});
