import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { download } from './support/download.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';
import { publishReports, publishTalk } from './support/published-calls.js';

const talkId = '100001610001^100001820002';

/** `2025-05-22 12:MM:00`. */
const startTime = (minute: number): string => `2025-05-22 12:${String(minute).padStart(2, '0')}:00`;

/** The callIds in view, from the top. */
function shownIds(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[role=grid] [role=row] a')]
      .map((link) => ({ id: link.textContent, top: link.getBoundingClientRect().top }))
      .sort((one, other) => one.top - other.top)
      .map(({ id }) => id),
  );
}

async function untilShown(page: Page, ids: readonly string[]): Promise<void> {
  await until(async () => (await shownIds(page)).join(' ') === ids.join(' '), {
    what: `the list shows ${ids.join(' ')}`,
  });
}

describe('the page of calls', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const account = administrator;

  beforeAll(async () => {
    await createAdministrator(server);
    await publishTalk(server, { callId: talkId, outId: 'order-4711', startTime: startTime(50) });
    await publishReports(
      server,
      Array.from({ length: 8 }, (_, index) => ({
        callId: `20000161000${index}^300001820002`,
        taskId: index % 2 === 0 ? '98765432109876543210' : 'odd',
        startTime: startTime(index),
        duration: 10 * index,
      })),
    );
  });

  const open = (path: string, who = account) => openConsole(chromium(), server, { account: who, path });

  it('lists calls', async () => {
    const page = await open('/calls');
    await page.locator('[role=grid] canvas').first().waitFor();
    await inspect(page, 'calls', (w) => page.getByRole('grid', { name: w('calls:list') }).waitFor());
  });

  it('finds a call by a whole id and by half of one, typed after a slash', async () => {
    const page = await open('/');
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('order-4711');
    await page.keyboard.press('Enter');
    await untilShown(page, [talkId]);
    await page.keyboard.press('/');
    await page.keyboard.type('200001610003');
    await page.keyboard.press('Enter');
    await untilShown(page, ['200001610003^300001820002']);
    await page.keyboard.press('/');
    await page.keyboard.type('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('No call has “nobody” as one of its ids.', { exact: false }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Clear filters' }).last().click();
    await until(async () => (await shownIds(page)).length === 9, { what: 'all calls are listed' });
  });

  it('keeps its filters in the address, every digit of them', async () => {
    const page = await open('/calls');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('taskId').fill('98765432109876543210');
    await page.getByLabel('At least (seconds)').fill('30');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Apply' }).click();
    const found = ['200001610006^300001820002', '200001610004^300001820002'];
    await untilShown(page, found);
    expect(page.url()).toContain('taskId=98765432109876543210');
    await page.reload();
    await untilShown(page, found);
    await page.getByRole('button', { name: 'Remove the filter “at least 30 s”' }).click();
    await until(async () => (await shownIds(page)).length === 4, { what: 'one filter is left' });
    await page.getByLabel('State of the recording').selectOption('archived');
    await page.getByText('Nothing matches').waitFor();
    await page.goBack();
    await until(async () => (await shownIds(page)).length === 4, { what: 'the way back leads there' });
  });

  it('shows the columns that were chosen, also after a reload', async () => {
    const page = await open('/calls');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'taskId' }).check();
    await page.getByRole('checkbox', { name: 'Tags' }).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'taskId' }).waitFor();
    await page.goto('/calls');
    await page.getByRole('columnheader', { name: 'taskId' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Tags' }).count()).toBe(0);
  });

  it('keeps filters under names, for oneself and for others', async () => {
    const page = await open('/calls?taskId=odd');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view …' }).click();
    await page.getByLabel('Name').fill('Odd ones');
    await page.getByLabel('Everybody may use it').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Odd ones' }).waitFor();
    const reviewer = await createPerson(server, 'reviewer', 'reviewer');
    const other = await open('/calls', reviewer);
    await other.getByRole('button', { name: 'Views' }).click();
    await other.getByRole('menuitem', { name: 'Odd ones (wen)' }).click();
    await until(async () => (await shownIds(other)).length === 4, { what: 'the view is shown' });
    expect(other.url()).toContain('taskId=odd');
  });

  it('is gone through, played and opened by keys alone', async () => {
    const page = await open('/calls');
    await page.getByRole('grid').waitFor();
    await page.locator('[role=grid] canvas').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Space');
    await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.3);
    expect(await page.getByRole('row', { selected: true }).getByRole('link').textContent()).toBe(talkId);
    await expectAccessible(page);
    await page.keyboard.press('Space');
    await page.waitForFunction(() => document.querySelector('audio')!.paused);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/calls\/1000/);
    await page.getByRole('heading', { name: `Call ${talkId}` }).waitFor();
  });

  it('goes on playing where the call is opened, and where one comes back, and nowhere else', async () => {
    const page = await open('/calls');
    const heard = () =>
      page.evaluate(() => {
        const { currentTime, paused } = document.querySelector('audio')!;
        return { currentTime, paused };
      });
    const played = (second: number) =>
      page.waitForFunction((to) => document.querySelector('audio')!.currentTime >= to, second);
    await page.getByRole('button', { name: `Play the recording of ${talkId}` }).click();
    const bar = page.getByRole('region', { name: 'Player' });
    await played(1);
    // Slow enough that it does not come to its end meanwhile.
    await page.evaluate(() => {
      const breaks: string[] = [];
      Object.assign(window, { breaks });
      const audio = document.querySelector('audio')!;
      audio.playbackRate = 0.1;
      for (const event of ['seeking', 'emptied', 'pause'])
        audio.addEventListener(event, () => breaks.push(event));
    });
    await bar.getByRole('link', { name: talkId }).click();
    await page.getByRole('heading', { name: `Call ${talkId}` }).waitFor();
    await page.getByRole('slider').first().waitFor();
    await played((await heard()).currentTime + 0.05);
    await page.goBack();
    await bar.getByRole('button', { name: 'Pause' }).waitFor();
    await played((await heard()).currentTime + 0.05);
    expect(await page.evaluate(() => (window as unknown as { breaks: string[] }).breaks)).toEqual([]);

    await bar.getByRole('link', { name: talkId }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    const { currentTime } = await heard();
    await page.goBack();
    await bar.getByRole('button', { name: 'Play', exact: true }).waitFor();
    expect(await heard()).toEqual({ currentTime, paused: true });
    await bar.getByRole('button', { name: 'Play', exact: true }).click();
    await played(currentTime + 0.02);
    await page.getByRole('link', { name: 'Endpoints' }).click();
    await page.getByRole('heading', { name: 'Endpoints', level: 1 }).waitFor();
    await page.waitForFunction(() => document.querySelector('audio')!.paused);

    // Only looked at: nothing to go on with.
    await page.goto(`/calls/${encodeURIComponent(talkId)}`);
    await page.getByRole('slider').first().waitFor();
    await page.getByRole('link', { name: 'Calls', exact: true }).click();
    await page.getByRole('grid').waitFor();
    await bar.waitFor({ state: 'detached' });
  });

  it('exports what the filter finds, with the words of the reader', async () => {
    const page = await open('/calls?taskId=odd');
    await page.getByRole('button', { name: 'Export …' }).click();
    await page.getByText('4 calls go into the file.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Make the file' }).click();
    const link = page.getByRole('link', { name: /\.csv$/ });
    await link.waitFor();
    const lines = (await download(link)).toString().trim().split(/\r?\n/);
    expect(lines).toHaveLength(5);
    expect(lines.join()).toContain('200001610001^300001820002');
    await expectAccessible(page);
  });

  it('offers recordings to take away to who may download them', async () => {
    const listener = await createPerson(server, 'listener', 'reviewer');
    const page = await open('/calls', listener);
    await page.getByRole('button', { name: 'Export …' }).click();
    await page.getByLabel('CSV').waitFor();
    expect(await page.getByLabel('Recordings (ZIP)').count()).toBe(0);
    const own = await open('/calls?state=archived');
    await own.getByRole('button', { name: 'Export …' }).click();
    await own.getByLabel('Recordings (ZIP)').check();
    await own.getByRole('button', { name: 'Make the file' }).click();
    const link = own.getByRole('link', { name: /\.zip$/ });
    await link.waitFor();
    expect((await download(link)).subarray(0, 2).toString()).toBe('PK');
  });

  it('lets a viewer see the list, and neither play nor export', async () => {
    const viewer = await createPerson(server, 'viewer', 'viewer');
    const page = await open('/calls', viewer);
    await page.getByRole('grid').waitFor();
    expect(await page.getByRole('button', { name: /^Play the recording/ }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Export …' }).count()).toBe(0);
    await page.keyboard.press('j');
    await page.keyboard.press('Space');
    expect(await page.locator('audio').count()).toBe(0);
  });

  it('tells of new calls, and moves nothing until it is asked to', async () => {
    const page = await open('/calls');
    await until(async () => (await shownIds(page)).length === 9, { what: 'all calls are listed' });
    const before = await shownIds(page);
    await publishReports(server, [
      { callId: 'new^1', startTime: startTime(55) },
      { callId: 'late^1', startTime: startTime(3) },
    ]);
    await page.getByRole('button', { name: '2 new calls' }).waitFor();
    expect(await shownIds(page)).toEqual(before);
    await page.getByRole('button', { name: '2 new calls' }).click();
    await until(async () => (await shownIds(page))[0] === 'new^1', { what: 'the new call is on top' });
    expect(await shownIds(page)).toHaveLength(11);
    expect(await page.getByRole('button', { name: /new call/ }).count()).toBe(0);
  });
});
