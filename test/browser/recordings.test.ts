import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalPeers } from '../support/local-peers.js';
import { pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';

const blocked = ['blocked^1', 'blocked^2', 'blocked^3'];

describe('the page of recordings', () => {
  const chromium = useChromium();
  const server = useConsoleServer({
    EARSHOT_RECORDING_HOSTS: 'recordings.example,127.0.0.1,127.0.0.2',
    EARSHOT_ALLOW_NETWORKS: '127.0.0.2/32',
  });
  const peers = createLocalPeers();
  afterAll(() => peers.close());
  const account = administrator;

  beforeAll(async () => {
    await createAdministrator(server);
    const storage = createServer((_request, response) => {
      const error = '<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>';
      response.writeHead(403, { 'content-type': 'application/xml' }).end(error);
    });
    const port = await peers.listen(storage, 0, '127.0.0.2');
    const records = [
      // Allowed as a name, forbidden as an address, and a host that nobody allowed.
      { callId: blocked[0], recordFile: 'http://127.0.0.1:9/one.wav' },
      { callId: blocked[1], recordFile: 'http://elsewhere.example/two.wav' },
      { callId: blocked[2], recordFile: 'http://elsewhere.example/three.wav' },
      // Its storage says that the link is dead.
      { callId: 'lost^1', recordFile: `http://127.0.0.2:${port}/four.wav` },
      // A name that nobody has: tried again and again.
      { callId: 'pending^1', recordFile: 'http://recordings.example/five.wav' },
    ];
    await fetch(`${server.url}/push/${pushToken}`, { method: 'POST', body: JSON.stringify(records) });
    await until(
      async () => {
        const { recordings } = await server.client.status();
        return recordings.blocked === 3 && recordings.lost === 1 && recordings.pending === 1;
      },
      { what: 'every recording has its state' },
    );
  });

  it('says what dies first and what stands in the way', async () => {
    const page = await openConsole(chromium(), server, { account, path: '/recordings' });
    await page.getByRole('link', { name: 'pending^1' }).waitFor();
    await inspect(page, 'recordings');
    await page.goto('/recordings?state=blocked');
    await page.getByRole('link', { name: 'blocked^1' }).waitFor();
    await page.getByText('EARSHOT_RECORDING_HOSTS').first().waitFor();
    await inspect(page, 'recordings-blocked');
    await page.goto('/recordings?state=lost');
    await page.getByRole('link', { name: 'lost^1' }).waitFor();
    await inspect(page, 'recordings-lost');
  });

  it('tries several again at once, with the keyboard', async () => {
    const page = await openConsole(chromium(), server, { account, path: '/recordings?state=blocked' });
    const first = page.getByRole('checkbox', { name: 'Select the recording of call blocked^1' });
    await first.focus();
    await page.keyboard.press('Space');
    await page.getByRole('checkbox', { name: 'Select the recording of call blocked^3' }).check();
    await page.getByRole('button', { name: 'Try 2 again' }).waitFor();
    await page.keyboard.press('r');
    await page.getByRole('dialog').getByRole('button', { name: 'Try the selected ones again' }).click();
    await page.getByText('2 downloads are being tried again.').waitFor();
    await until(
      async () => {
        const { items } = await server.client.recordings.list({ state: 'blocked' });
        return items.length === 3 && items.filter(({ attempts }) => attempts > 1).length === 2;
      },
      { what: 'both were tried and are blocked again' },
    );
    // They have left the list for a moment, and come back with its next refreshment.
    await until(async () => (await page.getByRole('row').count()) === 4, { what: 'all three are listed' });
    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
    await page.getByRole('button', { name: 'Try 3 again' }).waitFor();
  });

  it('acknowledges a loss with a reason, and the overview says so no more', async () => {
    const page = await openConsole(chromium(), server, { account, path: '/' });
    await page.getByRole('status').getByText('Something was lost').waitFor();
    const found = page.getByRole('listitem').filter({ hasText: '1 recording was lost' });
    await found.getByRole('link', { name: 'Look' }).click();
    await page.waitForURL('**/recordings?state=lost');
    await page.getByRole('checkbox', { name: 'Select the recording of call lost^1' }).check();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    const dialog = page.getByRole('dialog', { name: 'This cannot be mended' });
    const act = dialog.getByRole('button', { name: 'Acknowledge' });
    expect(await act.isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Why' }).fill('The sender has no copy.');
    await act.click();
    await page.getByText('Nothing was lost').waitFor();
    await page.getByRole('checkbox', { name: 'Also what was acknowledged' }).check();
    await page.getByText('The sender has no copy.').waitFor();
    await inspect(page, 'recordings-acknowledged');
    await page.goto('/');
    await page.getByRole('status').getByText('but something needs attention').waitFor();
    expect((await server.client.status()).recordings).toMatchObject({ lost: 0, acknowledged: 1 });
  });

  it('leads to the call, and offers no retry to a person who may only look', async () => {
    const viewer = await createPerson(server, 'vera', 'viewer');
    const page = await openConsole(chromium(), server, {
      account: viewer,
      path: '/recordings?state=blocked',
    });
    await page.getByRole('link', { name: 'blocked^2' }).waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('button', { name: /again/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'blocked^2' }).click();
    await page.getByRole('heading', { name: 'Call blocked^2' }).waitFor();
  });
});
