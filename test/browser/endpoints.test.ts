import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { EndpointCreation } from '../../src/contract/endpoint-settings.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';
import { acknowledged, allowReceivers, broken, useReceiver, recordOf } from './support/receiver.js';

describe('the pages of endpoints', () => {
  const chromium = useChromium();
  const server = useConsoleServer(allowReceivers);
  const receiver = useReceiver();
  const account = administrator;

  beforeAll(() => createAdministrator(server));

  const open = (path: string, more: Partial<ConsoleOptions> = {}): Promise<Page> =>
    openConsole(chromium(), server, { account, path, ...more });

  const createEndpoint = (name: string, more: Partial<EndpointCreation> = {}) =>
    server.client.endpoints.create({ name, url: receiver.url, ...more });

  /** An endpoint to which one delivery is dead. */
  const createWithDeadDelivery = async (name: string) => {
    receiver.answer(broken);
    const endpoint = await createEndpoint(name, { retrySchedule: [] });
    await server.client.messages.publish(recordOf(`${name}^1`));
    await until(async () => (await server.client.endpoints.get(endpoint.id)).deliveries.dead === 1, {
      what: 'a delivery is dead',
    });
    receiver.answer(acknowledged);
    return endpoint;
  };

  it('tell of each endpoint how it goes', async () => {
    const { id } = await createEndpoint('Billing');
    const page = await open('/endpoints');
    await page.getByRole('link', { name: 'Billing' }).waitFor();
    await inspect(page, 'endpoints', (w) => page.getByText(w('endpoints:health.well')).first().waitFor());
    await page.getByRole('link', { name: 'Billing' }).click();
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    await inspect(page, 'endpoint');
    await page.goto(`/endpoints/${id}/edit`);
    await page.locator('form fieldset').first().waitFor();
    await inspect(page, 'endpoint-form');
    await page.close();
    await server.client.endpoints.remove(id);
  });

  it('create an endpoint, tell faults beside their fields, and show its secret', async () => {
    const page = await open('/endpoints', { expects: /status of 400/ });
    await page.getByRole('heading', { name: 'Endpoints', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'New endpoint' }).first().waitFor();
    await page.keyboard.press('n');
    const url = page.getByRole('textbox', { name: 'URL' });
    await url.waitFor();
    await page.getByRole('textbox', { name: 'Retries after' }).fill('often');
    await page.getByRole('button', { name: 'Create the endpoint' }).click();
    await page.getByText('This is needed.').waitFor();
    await page.getByText('Write waits like 30s, 5m, 2h, with commas between them.').waitFor();
    expect(
      await url.evaluate((field) => field === document.activeElement),
      'the first fault has the focus',
    ).toBe(true);
    await expectAccessible(page);
    await page.getByRole('textbox', { name: 'Retries after' }).fill('30s, 5m');
    await url.fill('http://10.1.2.3/push');
    await page.getByRole('button', { name: 'Create the endpoint' }).click();
    await page.getByText('This leads to an address that nothing is pushed to', { exact: false }).waitFor();
    await url.fill(receiver.url);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Made here');
    await page.getByRole('radio', { name: 'A token (Bearer)' }).check();
    await page.getByRole('textbox', { name: 'Token' }).fill('token-of-the-tests');
    await page.getByRole('button', { name: 'Create the endpoint' }).click();
    const dialog = page.getByRole('dialog', { name: 'Signing secret' });
    await dialog.getByText(/^whsec_/).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Made here' }).waitFor();
    const made = (await server.client.endpoints.list()).items.find(({ name }) => name === 'Made here');
    expect(made).toMatchObject({ retrySchedule: [30, 300], auth: { type: 'bearer' } });
    expect(await page.content()).not.toContain('token-of-the-tests');
  });

  it('change an endpoint and keep what was not touched', async () => {
    const { id } = await createEndpoint('Changed', {
      auth: { type: 'basic', username: 'me', password: 'secret' },
    });
    const page = await open(`/endpoints/${id}`);
    await page.getByRole('heading', { name: 'Changed' }).waitFor();
    await page.getByRole('link', { name: 'Change' }).waitFor();
    await page.keyboard.press('e');
    const batch = page.getByRole('textbox', { name: 'Messages in one push' });
    await batch.fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The endpoint was changed.').waitFor();
    expect(await server.client.endpoints.get(id)).toMatchObject({
      batchSize: 7,
      timeoutMs: 700,
      auth: { type: 'basic', username: 'me' },
    });
  });

  it('show the request and the answer of a test, and what they mean', async () => {
    const { id } = await createEndpoint('Tested');
    const page = await open(`/endpoints/${id}`);
    await page.getByRole('button', { name: 'Send a test' }).waitFor();
    await page.keyboard.press('t');
    await page.getByRole('dialog').getByRole('button', { name: 'Send a test' }).click();
    const dialog = page.getByRole('dialog', { name: 'Test of Tested' });
    await dialog.getByText('The receiver works.').waitFor();
    const sent = await dialog.getByRole('region', { name: 'Body of the request' }).textContent();
    expect(sent).toBe(receiver.pushes.at(-1));
    const head = await dialog.getByRole('region', { name: 'Head of the request' }).textContent();
    expect(head).toContain(`POST ${receiver.url}`);
    expect(head).toContain('webhook-id');
    receiver.answer(broken);
    await dialog.getByRole('button', { name: 'Send it again' }).click();
    await dialog.getByText('The receiver does not work yet: server error.').waitFor();
    await dialog.getByText('the receiver is out of order').waitFor();
    await inspect(page, 'endpoint-test');
    receiver.answer(acknowledged);
  });

  it('pause and resume with the keyboard, and exchange the secret', async () => {
    const { id, secrets } = await createEndpoint('Paused');
    const page = await open(`/endpoints/${id}`);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const asking = (act: string) => page.getByRole('dialog', { name: act });
    await page.keyboard.press('p');
    await inspect(page, 'key-asks', (w) => asking(w('endpoints:act.pause')).waitFor());
    expect((await server.client.endpoints.get(id)).state, 'nothing is done by a stray key').toBe('active');
    await asking('Pause').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect((await server.client.endpoints.get(id)).state).toBe('paused');
    await page.keyboard.press('p');
    await asking('Resume').getByRole('button', { name: 'Resume' }).click();
    await asking('Resume').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Exchange …' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    const dialog = page.getByRole('dialog', { name: 'Signing secret' });
    const shown = await dialog.getByText(/^whsec_/).textContent();
    const after = await server.client.endpoints.get(id);
    expect(after.secrets).toEqual([shown, ...secrets]);
    await page.keyboard.press('Escape');
    await page.getByText('Older secret').waitFor();
  });

  it('replay what died, as much as the preview said', async () => {
    const { id } = await createWithDeadDelivery('Replayed');
    const page = await open(`/endpoints/${id}`);
    await page.getByRole('button', { name: 'Replay …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay to Replayed' });
    await dialog.getByRole('radio', { name: 'A window of time' }).check();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('Give the window a beginning or an end.').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('radio', { name: 'All that it never got' }).check();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('Would push 1 message in 1 delivery or more.').waitFor();
    await dialog.getByRole('radio', { name: 'All dead deliveries' }).check();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('Would push 1 message in 1 delivery.').waitFor();
    await inspect(page, 'replay');
    await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('The replay has begun.').waitFor();
    await page.getByRole('table', { name: 'Replays' }).getByText('done').waitFor();
    await until(async () => (await server.client.endpoints.get(id)).deliveries.delivered === 1, {
      what: 'the replay arrives',
    });
  });

  it('name what goes with an endpoint before it is deleted', async () => {
    const { id } = await createWithDeadDelivery('Deleted');
    const page = await open(`/endpoints/${id}`);
    await page.getByRole('button', { name: 'Delete …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Deleted?' });
    await dialog.getByText('1 dead delivery, which cannot be replayed any more').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Delete the endpoint' }).click();
    await page.getByRole('heading', { name: 'Endpoints', level: 1 }).waitFor();
    await expect(server.client.endpoints.get(id)).rejects.toMatchObject({ code: 'endpoint-unknown' });
  });

  it('offer nothing to a person who may only look', async () => {
    const { id } = await createEndpoint('Looked at');
    const viewer = await createPerson(server, 'vera', 'viewer');
    const page = await open(`/endpoints/${id}`, { account: viewer });
    await page.getByRole('heading', { name: 'Looked at' }).waitFor();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    for (const name of ['Send a test', 'Pause', 'Replay …', 'Delete …', 'Exchange …'])
      expect(await page.getByRole('button', { name }).count(), name).toBe(0);
    expect(await page.content()).not.toContain('whsec_');
    await expectAccessible(page);
  });
});
