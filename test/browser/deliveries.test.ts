import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';
import { acknowledged, allowReceivers, broken, useReceiver, recordOf } from './support/receiver.js';

describe('the pages of deliveries', () => {
  const chromium = useChromium();
  const server = useConsoleServer(allowReceivers);
  const receiver = useReceiver();
  const account = administrator;
  let endpointId: string;

  /** One delivery each, because one is sent after the other. */
  const killDeliveries = async (callIds: readonly string[], answer = broken): Promise<void> => {
    const countDead = async () => (await server.client.endpoints.get(endpointId)).deliveries.dead;
    receiver.answer(answer);
    const before = await countDead();
    for (const [index, callId] of callIds.entries()) {
      await server.client.messages.publish(recordOf(callId));
      await until(async () => (await countDead()) === before + index + 1, { what: 'a delivery is dead' });
    }
    receiver.answer(acknowledged);
  };

  beforeAll(async () => {
    await createAdministrator(server);
    const { id } = await server.client.endpoints.create({
      name: 'Billing',
      url: receiver.url,
      retrySchedule: [],
    });
    endpointId = id;
    await killDeliveries(['dead^1', 'dead^2']);
  });

  const open = (path: string, more: Partial<ConsoleOptions> = {}): Promise<Page> =>
    openConsole(chromium(), server, { account, path, ...more });

  it('list them, alone and by cause', async () => {
    const page = await open('/deliveries');
    await page.locator('tbody tr').first().waitFor();
    await inspect(page, 'deliveries');
    await page.goto('/deliveries?state=dead&by=cause');
    await inspect(page, 'deliveries-by-cause', (w) =>
      page.getByText(w('reasons:delivery.server-error.name')).first().waitFor(),
    );
    const { items } = await server.client.deliveries.list({ state: 'dead' });
    await page.goto(`/deliveries/${items[0]?.id ?? ''}`);
    await page.getByText('the receiver is out of order').waitFor();
    await page.locator('tbody tr').first().waitFor();
    await inspect(page, 'delivery');
  });

  it('keep state and endpoint in the address', async () => {
    const page = await open('/deliveries');
    await page.getByRole('radiogroup', { name: 'State' }).getByText('Dead').click();
    await page.getByRole('combobox', { name: 'Endpoint' }).selectOption('Billing');
    await page.waitForURL(`**/deliveries?state=dead&endpointId=${endpointId}`);
    await page.reload();
    await until(async () => (await page.locator('tbody tr').count()) === 2, { what: 'both are listed' });
    await page.getByRole('radiogroup', { name: 'State' }).getByText('Delivered').click();
    await page.getByText('There is none').waitFor();
  });

  it('tell of one what was tried, what was answered, and which calls it is about', async () => {
    const page = await open('/deliveries?state=dead');
    await page.locator('tbody tr').first().waitFor();
    // Newest first: the second row is the first call.
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Attempts' }).waitFor();
    await page.getByText('It is the receiver’s to mend', { exact: false }).first().waitFor();
    const answer = page.getByRole('region', { name: 'Body of the answer' });
    expect(await answer.textContent()).toBe('the receiver is out of order');
    expect(await page.getByRole('region', { name: 'Head of the answer' }).textContent()).toMatch(/^500/);
    await page.getByRole('link', { name: 'dead^1' }).waitFor();
    await page.keyboard.press('r');
    const asking = page.getByRole('dialog', { name: 'Replay' });
    await asking.waitFor();
    await page.keyboard.press('Escape');
    await asking.waitFor({ state: 'detached' });
    await page.keyboard.press('r');
    await asking.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('The same messages are on their way again, as this new delivery.').waitFor();
    await page.getByText('Repeats').waitFor();
    await page.getByText('delivered', { exact: true }).first().waitFor();
    expect(receiver.pushes.at(-1)).toContain('dead^1');
  });

  it('replay all that died of one cause, and nothing that died of another', async () => {
    await killDeliveries(['dead^3', 'dead^4']);
    await killDeliveries(['refused^1'], { status: 404, body: 'nobody lives here' });
    const { items } = await server.client.deliveries.causes(endpointId);
    const dead = items.find(({ reason }) => reason === 'server-error')?.deliveries ?? 0;
    expect(dead).toBeGreaterThanOrEqual(2);
    const page = await open('/deliveries?state=dead&by=cause');
    await page.getByRole('button', { name: `Replay all ${dead} of these` }).click();
    await page.getByText(`${dead} deliveries are on their way again.`).waitFor();
    await page.getByRole('region', { name: 'server error' }).waitFor({ state: 'detached' });
    const died = await server.client.deliveries.list({ state: 'dead' });
    const left = died.items.filter(({ replayedAs }) => replayedAs === undefined);
    expect(left.map(({ reason }) => reason)).toEqual(['request-refused']);
    const audit = await server.client.audit.list({ action: 'endpoint.replayed' });
    expect(audit.items).toMatchObject([{ detail: { selection: { kind: 'dead', reason: 'server-error' } } }]);
    await page.getByRole('button', { name: 'Replay this 1 delivery' }).click();
    await page.getByText('No delivery is dead').waitFor();
    await page.goto(`/endpoints/${endpointId}`);
    await page.getByRole('cell', { name: 'Dead deliveries server error' }).waitFor();
  });

  it('go on with a replay when the page is closed, show it when it is opened again, and cancel it', async () => {
    await killDeliveries(['dead^5', 'dead^6']);
    await server.client.endpoints.pause(endpointId);
    const first = await open('/deliveries?state=dead&by=cause');
    await first.getByRole('button', { name: 'Replay all 2 of these' }).click();
    await first.getByRole('status').getByText('0 of 2 replayed').waitFor();
    await first.close();

    const page = await open('/deliveries?state=dead&by=cause');
    await page.getByRole('status').getByText('0 of 2 replayed').waitFor();
    await inspect(page, 'deliveries-replay-of-cause');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('0 of 2 replayed').waitFor({ state: 'detached' });
    const states = async () => {
      const { items } = await server.client.replays.list({ endpointId });
      return items.map(({ state }) => state).slice(0, 2);
    };
    expect(await states()).toEqual(['cancelled', 'done']);

    await page.getByRole('button', { name: 'Replay all 2 of these' }).click();
    await page.getByRole('status').getByText('0 of 2 replayed').waitFor();
    await server.client.endpoints.resume(endpointId);
    await page.getByText('2 deliveries are on their way again.').waitFor();
    await page.getByText('No delivery is dead').waitFor();
    expect(await states()).toEqual(['done', 'cancelled']);
  });

  it('offer no replay to a person who may only look, and hide the messages', async () => {
    const viewer = await createPerson(server, 'vera', 'viewer');
    const { items } = await server.client.deliveries.list();
    const page = await open(`/deliveries/${items[0]?.id ?? ''}`, { account: viewer });
    await page.getByText('To see the messages one needs the right to download', { exact: false }).waitFor();
    expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0);
    await expectAccessible(page);
  });
});
