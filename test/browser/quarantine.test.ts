import { beforeAll, describe, expect, it } from 'vitest';
import { pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';

const withComma = '[{"callId":"fixed^1",\n "recordFile":"",}]';
/** {"callId":"gb^1","outId":"订单","recordFile":""} as a system wrote it that knows GB18030 only. */
const inGb18030 = Buffer.concat([
  Buffer.from('{"callId":"gb^1","outId":"'),
  Buffer.of(0xb6, 0xa9, 0xb5, 0xa5),
  Buffer.from('","recordFile":""}'),
]);

describe('the pages of the quarantine', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const account = administrator;

  /** Pushes what cannot be read; the id of the item that it became. */
  const quarantine = async (body: string | Buffer): Promise<string> => {
    const before = new Set((await server.client.quarantine.list()).items.map(({ id }) => id));
    await fetch(`${server.url}/push/${pushToken}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
    });
    return until(
      async () => (await server.client.quarantine.list()).items.find(({ id }) => !before.has(id))?.id,
      { what: 'the push is quarantined' },
    );
  };

  beforeAll(() => createAdministrator(server));

  it('show what was received and what is wrong with it', async () => {
    const [text, bytes] = [await quarantine(withComma), await quarantine(inGb18030)];
    const page = await openConsole(chromium(), server, { account, path: '/quarantine' });
    await page.locator('tbody tr').first().waitFor();
    await inspect(page, 'quarantine');
    for (const id of [text, bytes]) {
      await page.goto(`/quarantine/${id}`);
      await page.getByRole('textbox').last().waitFor();
      await inspect(page, id === text ? 'quarantine-text' : 'quarantine-bytes');
    }
    await page.close();
    for (const id of [text, bytes]) await server.client.quarantine.discard(id);
  });

  it('point at the place of the fault, and make messages of what was corrected, with the keyboard', async () => {
    const id = await quarantine(withComma);
    const page = await openConsole(chromium(), server, { account, path: '/quarantine' });
    await page.locator('tbody tr').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/quarantine/${id}`);
    await page.getByText('Line 2, column 17: this comma has nothing behind it.').first().waitFor();
    expect(await page.locator('mark').first().textContent()).toBe(',');
    const field = page.getByRole('textbox', { name: 'What it should have been' });
    expect(await field.inputValue()).toBe(withComma);
    await field.fill(withComma.replace(',}', '}'));
    await page.getByText('This is well-formed JSON.').waitFor();
    await field.press('Control+Enter');
    await page.getByText('It became 1 new message.').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'fixed^1' }).click();
    await page.getByRole('heading', { name: 'Call fixed^1' }).waitFor();
    await expect(server.client.quarantine.get(id)).rejects.toMatchObject({ code: 'quarantine-item-unknown' });
  });

  it('discard an item only once that was confirmed', async () => {
    const id = await quarantine('"nonsense"');
    const page = await openConsole(chromium(), server, { account, path: `/quarantine/${id}` });
    await page.getByRole('button', { name: 'Discard …' }).waitFor();
    await page.keyboard.press('d');
    const dialog = page.getByRole('dialog', { name: 'Discard this for good?' });
    await dialog.getByText('10 bytes were received and exist nowhere else.', { exact: false }).waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await server.client.quarantine.get(id);
    await page.keyboard.press('d');
    await dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.waitForURL('**/quarantine');
    await page.getByText('The item is gone.').waitFor();
    await expect(server.client.quarantine.get(id)).rejects.toMatchObject({ code: 'quarantine-item-unknown' });
  });

  it('sort all that is chosen again, and discard it once that was confirmed', async () => {
    const kept = await quarantine('"kept"');
    await quarantine('{"callId":"1"}');
    await quarantine('{"callId":"2"}');
    const page = await openConsole(chromium(), server, { account, path: '/quarantine' });
    await page.getByText('3 items').waitFor();
    await page.getByRole('combobox', { name: 'Why' }).selectOption('unknown-type');
    await page.getByText('2 items').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Retry all …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sort again' }).click();
    await page.getByText('Understood: 0. Still no message: 2.').waitFor();
    await page.getByRole('button', { name: 'Discard all …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard 2 items for good?' });
    await dialog.waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByText('2 items are gone.').waitFor();
    await page.getByText('No item in quarantine is of this reason').waitFor();
    expect((await server.client.quarantine.list()).items.map(({ id }) => id)).toEqual([kept]);
    await server.client.quarantine.discard(kept);
    await page.close();
  });

  it('are not there for a person who may not operate', async () => {
    const reviewer = await createPerson(server, 'rui', 'reviewer');
    const page = await openConsole(chromium(), server, {
      account: reviewer,
      path: '/quarantine',
      expects: /status of 403/,
    });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Quarantine' }).count()).toBe(0);
  });
});
