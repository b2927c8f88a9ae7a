import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { createPerson, type Person } from './support/people.js';
import { acknowledged, allowReceivers, broken, useReceiver, recordOf } from './support/receiver.js';
import { wordsOf } from './support/words.js';

describe('an operator of endpoints, in Chinese', () => {
  const chromium = useChromium();
  const server = useConsoleServer(allowReceivers);
  const receiver = useReceiver();
  let account: Person;

  beforeAll(async () => {
    account = await createPerson(server, 'olga', 'operator');
  });
  // What one test leaves would be pushed to in the next. Not after each: its page is still open then, and asks.
  beforeEach(async () => {
    const { items } = await server.client.endpoints.list();
    await Promise.all(items.map(({ id }) => server.client.endpoints.remove(id)));
  });

  /** An endpoint to which these calls could not be delivered: a delivery for each. */
  const createWithDeadDeliveries = async (name: string, callIds: readonly string[]): Promise<string> => {
    receiver.answer(broken);
    const { id } = await server.client.endpoints.create({ name, url: receiver.url, retrySchedule: [] });
    for (const [index, callId] of callIds.entries()) {
      await server.client.messages.publish(recordOf(callId));
      await until(async () => (await server.client.endpoints.get(id)).deliveries.dead === index + 1, {
        what: 'a delivery is dead',
      });
    }
    receiver.answer(acknowledged);
    return id;
  };

  const look = looks.chinese;
  const w = wordsOf(look.language);

  const open = (path: string, more: Partial<ConsoleOptions> = {}) =>
    openConsole(chromium(), server, { ...look, account, path, ...more });

  it('makes an endpoint, told what is wrong beside each field', async () => {
    const page = await open('/endpoints/new', { expects: /status of 400/ });
    const create = page.getByRole('button', { name: w('endpoints:form.create') });
    const url = page.getByRole('textbox', { name: w('endpoints:field.url.label'), exact: true });
    const retries = page.getByRole('textbox', { name: w('endpoints:field.retrySchedule.label') });
    await retries.fill('often');
    await create.click();
    await page.getByText(w('endpoints:fault.missing')).waitFor();
    await page.getByText(w('endpoints:fault.noSchedule')).waitFor();
    await inspect(page, 'endpoint-faults');

    await retries.fill('30s, 5m');
    await url.fill('http://10.1.2.3/push');
    await create.click();
    await page.getByText(w('endpoints:fault.forbidden')).waitFor();
    await url.fill(receiver.url);
    await page.getByRole('textbox', { name: w('endpoints:field.name.label'), exact: true }).fill('Made here');
    await page.getByRole('radio', { name: w('endpoints:field.auth.basic') }).check();
    await page.getByRole('textbox', { name: w('endpoints:field.username.label') }).fill('earshot');
    await page.getByRole('textbox', { name: w('endpoints:field.password.label') }).fill('a password');
    await page.getByRole('button', { name: w('endpoints:field.headers.add') }).click();
    await page
      .getByRole('textbox', { name: w('endpoints:field.headers.name', { number: 1 }) })
      .fill('x-tenant');
    await page
      .getByRole('textbox', { name: w('endpoints:field.headers.value', { number: 1 }) })
      .fill('north');
    await inspect(page, 'endpoint-filled-in');
    await create.click();
    const secret = page.getByRole('dialog', { name: w('endpoints:secret.dialogTitle') });
    await secret.getByText(/^whsec_/).waitFor();
    await inspect(page, 'endpoint-secret');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Made here' }).waitFor();

    await page.getByRole('button', { name: w('endpoints:secret.rotate') }).click();
    const rotation = page.getByRole('dialog', { name: w('endpoints:rotation.title') });
    await inspect(page, 'endpoint-secret-rotation');
    await rotation.getByRole('button', { name: w('endpoints:rotation.act') }).click();
    await secret.getByText(/^whsec_/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(w('endpoints:secret.old'), { exact: true }).waitFor();
  });

  it('tests an endpoint, pauses and resumes it', async () => {
    const name = 'Tested';
    const { id } = await server.client.endpoints.create({ name, url: receiver.url });
    const page = await open(`/endpoints/${id}`);
    await page.getByRole('button', { name: w('endpoints:act.test'), exact: true }).click();
    const dialog = page.getByRole('dialog', { name: w('endpoints:test.title', { name }) });
    await dialog.getByText(w('endpoints:test.passed')).waitFor();
    await inspect(page, 'endpoint-test-passed');
    receiver.answer(broken);
    await dialog.getByRole('button', { name: w('endpoints:test.again') }).click();
    const reason = w('reasons:delivery.server-error.name');
    await dialog.getByText(w('endpoints:test.failed', { reason })).waitFor();
    await inspect(page, 'endpoint-test-failed');
    receiver.answer(acknowledged);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: w('endpoints:act.pause'), exact: true }).click();
    const resume = page.getByRole('button', { name: w('endpoints:act.resume'), exact: true });
    await resume.waitFor();
    await page.getByText(w('endpoints:health.paused')).waitFor();
    await inspect(page, 'endpoint-paused');
    await resume.click();
    await page.getByText(w('endpoints:health.well')).waitFor();
  });

  it('replays as much as the preview said, and knows what goes with an endpoint', async () => {
    const name = 'Replayed';
    const id = await createWithDeadDeliveries(name, ['replayed^1']);
    const page = await open(`/endpoints/${id}`);
    await page.getByRole('button', { name: w('endpoints:act.remove') }).click();
    const removal = page.getByRole('dialog', { name: w('endpoints:removal.title', { name }) });
    await removal.getByText(w('endpoints:removal.dead', { count: 1, number: '1' })).waitFor();
    await inspect(page, 'endpoint-removal');
    await removal.getByRole('button', { name: w('common:cancel') }).click();
    await removal.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: w('endpoints:act.replay') }).click();
    const dialog = page.getByRole('dialog', { name: w('endpoints:replay.title', { name }) });
    const preview = dialog.getByRole('button', { name: w('endpoints:replay.preview') });
    await dialog.getByRole('radio', { name: w('endpoints:replay.kind.time') }).check();
    await preview.click();
    await dialog.getByText(w('endpoints:replay.fault.noWindow')).waitFor();
    await inspect(page, 'replay-fault');
    await dialog.getByRole('radio', { name: w('endpoints:replay.kind.dead') }).check();
    await preview.click();
    const counts = {
      messages: w('endpoints:messageCount', { count: 1, number: '1' }),
      deliveries: w('endpoints:deliveryCount', { count: 1, number: '1' }),
    };
    await dialog.getByText(w('endpoints:replay.would', counts), { exact: true }).waitFor();
    await inspect(page, 'replay-preview');
    await dialog.getByRole('button', { name: w('endpoints:replay.act'), exact: true }).click();
    await page.getByText(w('endpoints:replay.started')).waitFor();
    const replays = page.getByRole('table', { name: w('endpoints:replay.list') });
    await replays.getByText(w('common:state.done'), { exact: true }).waitFor();
    await inspect(page, 'replay-done');
  });

  it('cancels a replay that is under way', async () => {
    const id = await createWithDeadDeliveries('Cancelled', ['cancelled^1']);
    // Nobody works on it, so it stays where it is.
    await server.client.endpoints.pause(id);
    await server.client.endpoints.replay(id, { missed: true });
    const page = await open(`/endpoints/${id}`);
    const replays = page.getByRole('table', { name: w('endpoints:replay.list') });
    const cancel = replays.getByRole('button', { name: w('common:cancel') });
    await cancel.waitFor();
    const progress = replays.getByRole('progressbar', { name: w('endpoints:replay.column.progress') });
    expect(await progress.getAttribute('aria-valuenow')).toBe('0');
    await inspect(page, 'replay-under-way');
    await cancel.click();
    await replays.getByText(w('common:state.cancelled'), { exact: true }).waitFor();
    await inspect(page, 'replay-cancelled');
  });

  it('replays deliveries that died, one by itself and one by its cause', async () => {
    const callIds = ['dead^1', 'dead^2'] as const;
    await createWithDeadDeliveries('Billing', callIds);
    const page = await open('/deliveries');
    await page
      .getByRole('radiogroup', { name: w('deliveries:filter.state') })
      .getByText(w('deliveries:filter.dead'), { exact: true })
      .click();
    await page
      .getByRole('radiogroup', { name: w('deliveries:filter.grouping') })
      .getByText(w('deliveries:filter.byCause'), { exact: true })
      .click();
    const cause = page.getByRole('region', { name: w('reasons:delivery.server-error.name') });
    await cause.getByRole('link', { name: w('deliveries:causes.newest') }).click();
    await page.getByRole('link', { name: callIds[1] }).waitFor();
    await page.getByRole('button', { name: w('deliveries:replay'), exact: true }).click();
    await page.getByText(w('deliveries:replayStarted')).waitFor();
    await page.getByText(w('common:state.delivered'), { exact: true }).first().waitFor();
    await page.getByText(w('deliveries:fact.replayOf'), { exact: true }).waitFor();
    await page.getByRole('link', { name: callIds[1] }).waitFor();
    await inspect(page, 'delivery-replayed');

    await page.goto('/deliveries?state=dead&by=cause');
    await cause.getByRole('button', { name: w('deliveries:causes.replay', { count: 1 }) }).click();
    await page.getByText(w('deliveries:causes.replayed', { count: 1 })).waitFor();
    await page.getByText(w('deliveries:causes.none')).waitFor();
    await inspect(page, 'deliveries-replayed-by-cause');
  });
});
