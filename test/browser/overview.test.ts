import { beforeAll, describe, expect, it } from 'vitest';
import { pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer, type ConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';

const verdict = 'but something needs attention';

/** A recording whose address is not allowed, and a body that is no message: both are found by the verdict. */
async function pushTrouble(server: ConsoleServer): Promise<void> {
  const body = JSON.stringify([
    { callId: '7^8', duration: 5, startTime: '2026-01-05 10:00:00', recordFile: 'http://127.0.0.1:9/7.wav' },
    { nonsense: true },
  ]);
  const response = await fetch(`${server.url}/push/${pushToken}`, { method: 'POST', body });
  if (!response.ok) throw new Error(`push: ${response.status}`);
  await until(async () => (await server.client.status()).recordings.blocked === 1, {
    what: 'the recording is blocked',
  });
}

describe('the overview', () => {
  const chromium = useChromium();
  const server = useConsoleServer();

  beforeAll(() => createAdministrator(server));

  it('says of an empty instance that nothing is being lost, and where to begin', async () => {
    const page = await openConsole(chromium(), server, { account: administrator });
    await page.getByRole('status').getByText('Nothing is being lost.').waitFor();
    await page.getByRole('link', { name: 'First steps' }).click();
    await page.getByRole('heading', { name: 'First steps', level: 1 }).waitFor();
  });

  it('hears of what happens while it is open, by events and not by being loaded again', async () => {
    const page = await openConsole(chromium(), server, { account: administrator });
    await page.getByText('Nothing has been pushed to this Earshot yet.').waitFor();
    await pushTrouble(server);
    await page.getByText('1 recording is blocked: its address is not allowed.').waitFor();
    await page.getByText('1 item in quarantine could not be read as a message.').waitFor();
    await page.getByRole('status').getByText(verdict).waitFor();
  });

  it('can be read by everybody', async () => {
    const page = await openConsole(chromium(), server, { account: administrator });
    await page.locator('canvas').first().waitFor();
    await inspect(page, 'overview', (w) =>
      page.getByRole('status').getByText(w('overview:verdict.attention')).waitFor(),
    );
  });

  it('tells its curves as tables as well', async () => {
    const page = await openConsole(chromium(), server, { account: administrator });
    // What the verdict lists makes it grow, and what lies below it moves.
    await page.getByRole('status').getByText(verdict).waitFor();
    const intake = page.getByRole('figure').filter({
      has: page.getByRole('img', { name: /Pushes and messages a minute/ }),
    });
    await intake.locator('canvas').waitFor();
    await intake.getByText('As a table').click();
    const table = intake.getByRole('region', { name: /Pushes and messages a minute/ }).getByRole('table');
    await table.getByRole('columnheader', { name: 'Pushes a minute' }).waitFor();
    expect(await page.getByRole('img', { name: /Time to the acknowledgement/ }).count()).toBe(1);
    await expectAccessible(page);
  });

  it('leads from what it found to where something can be done', async () => {
    const page = await openConsole(chromium(), server, { account: administrator });
    const found = page.getByRole('listitem').filter({ hasText: 'quarantine' });
    await found.getByRole('link', { name: 'Look' }).click();
    await page.getByRole('heading', { name: 'Quarantine', level: 1 }).waitFor();
  });
});
