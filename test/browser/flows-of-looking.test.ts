import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { createPerson, type Person } from './support/people.js';
import { publishTalk } from './support/published-calls.js';
import { allowReceivers, useReceiver } from './support/receiver.js';
import { wordsOf } from './support/words.js';

const callId = '100001610001^100001820002';

describe('a person who may only look', () => {
  const chromium = useChromium();
  const server = useConsoleServer(allowReceivers);
  const receiver = useReceiver();
  let account: Person;
  let endpointId = '';
  let deliveryId = '';

  beforeAll(async () => {
    account = await createPerson(server, 'vera', 'viewer');
    endpointId = (await server.client.endpoints.create({ name: 'Billing', url: receiver.url })).id;
    await publishTalk(server, { callId });
    const delivered = { endpointId, state: 'delivered' } as const;
    deliveryId = await until(async () => (await server.client.deliveries.list(delivered)).items[0]?.id, {
      what: 'the call is pushed on',
    });
  });

  it('is shown no more than that', async () => {
    const w = wordsOf('en');
    const page = await openConsole(chromium(), server, { account, path: '/calls' });
    const main = page.getByRole('main');
    await main.getByRole('link', { name: callId }).waitFor();
    expect(await main.getByRole('button', { name: w('calls:playCall', { callId }) }).count()).toBe(0);
    expect(await main.getByRole('button', { name: w('calls:export.open') }).count()).toBe(0);
    await inspect(page, 'calls-looked-at');

    await page.goto(`/calls/${encodeURIComponent(callId)}`);
    await main.getByText(w('call:noListening')).waitFor();
    await main.getByText('"recordFile"').waitFor();
    expect(await page.locator('audio').count()).toBe(0);
    expect(await main.getByRole('button', { name: w('call:delete.open') }).count()).toBe(0);
    await inspect(page, 'call-looked-at');

    await page.goto(`/endpoints/${endpointId}`);
    await main.getByRole('heading', { name: w('endpoints:settings') }).waitFor();
    expect(await main.getByRole('button', { name: w('endpoints:act.pause') }).count()).toBe(0);
    await inspect(page, 'endpoint-looked-at');

    await page.goto(`/deliveries/${deliveryId}`);
    await main.getByText(w('deliveries:messagesHidden')).waitFor();
    expect(await main.getByRole('button', { name: w('deliveries:replay') }).count()).toBe(0);
    await inspect(page, 'delivery-looked-at');
  });
});
