import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole } from './support/open-console.js';
import { createPerson, type Person } from './support/people.js';
import { wordsOf } from './support/words.js';

const order = '订单';
/** The same two characters as a system wrote them that knows GB18030 only. */
const orderInGb18030 = Buffer.of(0xb6, 0xa9, 0xb5, 0xa5);

describe('an operator who corrects what could not be read, in the dark', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  let account: Person;

  beforeAll(async () => {
    account = await createPerson(server, 'olga', 'operator');
  });
  // What one test left behind would be taken for what the next one pushed. After each, its page is still open.
  beforeEach(async () => {
    const { items } = await server.client.quarantine.list();
    await Promise.all(items.map(({ id }) => server.client.quarantine.discard(id)));
  });

  /** Pushes what cannot be read; the id of the item that it became. */
  const quarantine = async (body: string | Buffer): Promise<string> => {
    const bytes = new Uint8Array(Buffer.from(body));
    await fetch(`${server.url}/push/${pushToken}`, { method: 'POST', body: bytes });
    return until(async () => (await server.client.quarantine.list()).items[0]?.id, {
      what: 'the push is quarantined',
    });
  };

  const look = looks.englishDark;
  const w = wordsOf(look.language);

  const open = async (itemId: string) => {
    const path = `/quarantine/${itemId}`;
    const page = await openConsole(chromium(), server, {
      ...{ ...look, account, path },
      expects: /status of 422/,
    });
    return {
      page,
      field: page.getByRole('textbox', { name: w('quarantine:correction.field') }),
      retry: page.getByRole('button', { name: w('quarantine:correction.act') }),
      refusal: page.getByRole('alert', { name: w('problems:quarantine-still-unreadable.title') }),
    };
  };

  it('corrects the text, and reads what is still wrong', async () => {
    const callId = 'fixed^1';
    const faulty = `[{"callId":"${callId}",\n "recordFile":"",}]`;
    const { page, field, retry, refusal } = await open(await quarantine(faulty));
    await page.getByText(w('quarantine:fault.comma')).first().waitFor();
    expect(await field.inputValue()).toBe(faulty);
    await field.fill('[{"outId":"1"}]');
    await page.getByText(w('quarantine:correction.fine')).waitFor();
    await retry.click();
    await refusal.waitFor();
    await inspect(page, 'quarantine-refused');
    await field.fill(faulty.replace(',}', '}'));
    await retry.click();
    await page.getByText(w('quarantine:result.messages', { count: 1 })).waitFor();
    await page.getByRole('link', { name: callId }).waitFor();
    await inspect(page, 'quarantine-retried');
  });

  it('corrects bytes that are no text, as hex and as the characters that they were', async () => {
    const [asHex, asText] = ['hex^1', 'text^1'] as const;
    const bodyOf = (callId: string, words: string | Buffer): Buffer =>
      Buffer.concat([
        Buffer.from(`{"callId":"${callId}","recordFile":"","outId":"`),
        Buffer.from(words),
        Buffer.from('"}'),
      ]);
    const hexOf = (bytes: Buffer): string => (bytes.toString('hex').match(/../g) ?? []).join(' ');
    const outIdOf = async (callId: string): Promise<unknown> => (await server.client.calls.get(callId)).outId;

    const { page, field, retry } = await open(await quarantine(bodyOf(asHex, orderInGb18030)));
    expect((await field.inputValue()).split(/\s+/).join(' ')).toBe(hexOf(bodyOf(asHex, orderInGb18030)));
    await field.fill('7b 2');
    await page.getByText(w('quarantine:correction.noHex')).waitFor();
    await inspect(page, 'quarantine-no-hex');
    await field.fill(hexOf(bodyOf(asHex, order)));
    await page.getByText(w('quarantine:correction.fine')).waitFor();
    await field.press('Control+Enter');
    await page.getByText(w('quarantine:result.messages', { count: 1 })).waitFor();
    await until(async () => (await outIdOf(asHex)) === order, { what: 'the call has its outId' });

    await page.goto(`/quarantine/${await quarantine(bodyOf(asText, orderInGb18030))}`);
    await page.getByRole('button', { name: w('quarantine:correction.gb18030') }).click();
    expect(await field.inputValue()).toBe(bodyOf(asText, order).toString());
    await inspect(page, 'quarantine-read-as-gb18030');
    await retry.click();
    await page.getByText(w('quarantine:result.messages', { count: 1 })).waitFor();
    await until(async () => (await outIdOf(asText)) === order, { what: 'the call has its outId' });
  });

  it('corrects in a file what is too large to be edited', async () => {
    const record = { callId: 'large^1', recordFile: '', remark: 'x'.repeat(600_000) };
    const text = JSON.stringify([record]);
    const { page, refusal } = await open(await quarantine(text.slice(0, -2)));
    const send = (body: string) =>
      page.locator('input[type=file]').setInputFiles({
        ...{ name: 'corrected.json', mimeType: 'application/json' },
        buffer: Buffer.from(body),
      });
    await page.getByText(w('quarantine:correction.tooLarge')).waitFor();
    await page.getByText(w('quarantine:fault.endsEarly')).waitFor();
    await send('[{"outId":"1"}]');
    await refusal.waitFor();
    await inspect(page, 'quarantine-file-refused');
    await send(text);
    await page.getByText(w('quarantine:result.messages', { count: 1 })).waitFor();
    await page.getByRole('link', { name: record.callId }).waitFor();
  });

  it('discards what nobody can correct', async () => {
    const { page } = await open(await quarantine('"nonsense"'));
    await page.getByRole('button', { name: w('quarantine:discard.open') }).click();
    const dialog = page.getByRole('dialog', { name: w('quarantine:discard.title') });
    await dialog.getByText(w('quarantine:discard.text', { count: 10 })).waitFor();
    await inspect(page, 'quarantine-discard');
    await dialog.getByRole('button', { name: w('quarantine:discard.act'), exact: true }).click();
    await page.getByText(w('quarantine:discard.done')).waitFor();
    await page.getByText(w('quarantine:empty.title')).waitFor();
    await inspect(page, 'quarantine-empty');
    expect((await server.client.quarantine.list()).items).toEqual([]);
  });
});
