import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { watchMainThread } from './support/main-thread.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';
import { publishReports, publishTalk } from './support/published-calls.js';

const calls = 22_000;
const talks = 30;
/** Of the promise: nothing holds up the page for longer. */
const longestTaskMs = 100;
const rowPixels = 36;
/** A dozen pages are fetched on the way. */
const rows = 1_200;

describe('a long list of calls', () => {
  const chromium = useChromium({ isOwn: true });
  const server = useConsoleServer();
  const account = administrator;

  beforeAll(async () => {
    await createAdministrator(server);
    const start = Date.UTC(2025, 4, 1);
    await publishReports(
      server,
      Array.from({ length: calls }, (_, index) => ({
        callId: `${100_000_000_000 + index}^${300_000_000_000 + index}`,
        taskId: `task-${index % 50}`,
        outId: `order-${index}`,
        duration: index % 600,
        // The newest are those with recordings, which are published below.
        startTime: new Date(start + index * 30_000).toISOString().slice(0, 19).replace('T', ' '),
      })),
    );
    await Promise.all(
      Array.from({ length: talks }, (_, index) =>
        publishTalk(server, { callId: `talk-${index}^1`, startTime: '2025-05-22 12:29:20' }),
      ),
    );
  });

  it('scrolls through thousands of rows without holding up the page', async () => {
    const page = await openConsole(chromium(), server, { account, path: '/calls' });
    const grid = page.getByRole('grid');
    await grid.waitFor();
    await page.locator('[role=grid] canvas').first().waitFor();
    const tasks = await watchMainThread(chromium(), page, async () => {
      await grid.evaluate(
        async (list, end) => {
          // As a wheel that is turned without rest: some rows with every frame, further pages fetched on the way.
          while (list.scrollTop < end.rows * end.rowPixels) {
            list.scrollTop += 8 * end.rowPixels;
            await new Promise(requestAnimationFrame);
          }
        },
        { rows, rowPixels },
      );
    });
    const longest = tasks.slice(0, 5).map((ms) => Math.round(ms));
    console.log(`${rows} rows, ${tasks.length} tasks, the longest (ms): ${longest.join(', ')}`);
    expect(tasks.length, 'tasks were seen').toBeGreaterThan(100);
    expect(longest[0]).toBeLessThan(longestTaskMs);
  });

  it('keeps only the rows in view, and the place on the way back', async () => {
    const page = await openConsole(chromium(), server, { account, path: '/calls' });
    await page.getByRole('grid').waitFor();
    for (let press = 0; press < 12; press++) await page.keyboard.press('PageDown');
    await page.getByRole('grid').focus();
    for (let press = 0; press < 12; press++) await page.keyboard.press('PageDown');
    await page.keyboard.press('j');
    const chosen = page.getByRole('row', { selected: true });
    const callId = await chosen.getByRole('link').textContent();
    expect(await page.getByRole('row').count()).toBeLessThan(80);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Call ${callId}` }).waitFor();
    await page.goBack();
    await until(async () => (await chosen.getByRole('link').textContent()) === callId, {
      what: 'the same row is chosen and in view',
    });
  });
});
