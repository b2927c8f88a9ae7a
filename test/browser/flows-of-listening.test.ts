import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { headingOf } from '../../src/export/table-columns.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { download } from './support/download.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole } from './support/open-console.js';
import { createPerson, type Person } from './support/people.js';
import { publishReports, publishTalk } from './support/published-calls.js';
import { wordsOf } from './support/words.js';

/** Where a call is talked about, and how the player writes that. */
const instant = { key: 'ArrowRight', clock: '0:05' };

/** The callIds in the list, in no order. */
function listedIds(page: Page): Promise<string[]> {
  return page.locator('[role=grid] [role=row] a').allTextContents();
}

async function untilListed(page: Page, ids: readonly string[]): Promise<void> {
  await until(async () => (await listedIds(page)).sort().join(' ') === [...ids].sort().join(' '), {
    what: `the list shows ${ids.join(' ')}`,
  });
}

describe('a person who listens to calls, in Chinese and in the dark', () => {
  const chromium = useChromium();
  const server = useConsoleServer();

  const look = looks.chineseDark;
  const w = wordsOf(look.language);
  const half = '100001610001';
  const talkId = `${half}^100001820002`;
  const taskId = '98765432109876543210';
  const unheardIds = [1, 2].map((number) => `20000161000${number}^300001820002`);
  let account: Person;
  let recordingId = '';

  beforeAll(async () => {
    account = await createPerson(server, 'lin', 'operator');
    recordingId = await publishTalk(server, { callId: talkId, taskId });
    const startTime = '2025-05-22 12:00:00';
    await publishReports(
      server,
      unheardIds.map((callId) => ({ callId, taskId, startTime, duration: 60 })),
    );
  });

  const open = (path: string, expects?: RegExp) =>
    openConsole(chromium(), server, { ...look, account, path, ...(expects && { expects }) });

  it('finds calls by half an id and by filters', async () => {
    const page = await open('/');
    const search = page.getByRole('searchbox', { name: w('common:search.label') });
    await search.fill(half);
    await search.press('Enter');
    await untilListed(page, [talkId]);
    await page.locator('[role=grid] canvas').first().waitFor();
    await inspect(page, 'calls-found-by-half');

    await search.fill(taskId.slice(1));
    await search.press('Enter');
    await page.getByText(w('calls:nothing.ofSearch', { words: taskId.slice(1) })).waitFor();
    await inspect(page, 'calls-not-found');

    await page
      .getByRole('button', { name: w('calls:filter.clear') })
      .last()
      .click();
    await page.getByRole('button', { name: w('calls:filter.more') }).click();
    const filters = page.getByRole('dialog', { name: w('calls:filter.more') });
    await filters.getByLabel(w('calls:field.taskId')).fill(taskId);
    await filters.getByLabel(w('calls:field.minDuration')).fill('30');
    await inspect(page, 'calls-more-filters');
    await filters.getByRole('button', { name: w('calls:filter.apply') }).click();
    await untilListed(page, unheardIds);
    const chip = w('calls:chip.minDuration', { value: '30' });
    await page.getByRole('button', { name: w('calls:filter.remove', { filter: chip }) }).waitFor();
    await inspect(page, 'calls-filtered');
  });

  it('keeps a view and chooses columns', async () => {
    const page = await open(`/calls?taskId=${taskId}`);
    const name = 'Task of the month';
    const views = page.getByRole('button', { name: w('calls:views.title'), exact: true });
    await views.click();
    await page.getByRole('menuitem', { name: w('calls:views.save') }).click();
    const dialog = page.getByRole('dialog', { name: w('calls:views.save') });
    await dialog.getByRole('textbox', { name: w('calls:views.name') }).fill(name);
    await inspect(page, 'view-saving');
    await dialog.getByRole('button', { name: w('calls:views.saveAct'), exact: true }).click();
    await page.getByRole('button', { name }).waitFor();

    await page.goto('/calls');
    await views.click();
    const view = page.getByRole('menuitem', { name });
    await view.waitFor();
    await inspect(page, 'views-menu');
    await view.click();
    await untilListed(page, [talkId, ...unheardIds]);

    await page.getByRole('button', { name: w('calls:columns'), exact: true }).click();
    await page.getByRole('checkbox', { name: w('calls:column.taskId') }).check();
    await inspect(page, 'columns-menu');
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: w('calls:column.taskId') }).waitFor();

    await page.goto(`/calls?taskId=${taskId}`);
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('menuitem', { name: w('calls:views.remove', { name }) }).click();
    const removal = page.getByRole('dialog', { name: w('calls:views.remove', { name }) });
    await removal.getByText(w('calls:views.removeText')).waitFor();
    await inspect(page, 'view-removal');
    await removal.getByRole('button', { name: w('calls:views.removeAct'), exact: true }).click();
    await page.getByRole('button', { name: w('calls:views.title'), exact: true }).waitFor();
  });

  it('takes a table and the recordings away', async () => {
    const page = await open(`/calls?taskId=${taskId}`);
    const dialog = page.getByRole('dialog', { name: w('calls:export.title') });
    await page.getByRole('button', { name: w('calls:export.open') }).click();
    await dialog.getByText(w('calls:export.count', { count: 3, shown: '3' })).waitFor();
    await inspect(page, 'export-of-table');
    await dialog.getByRole('button', { name: w('calls:export.act') }).click();
    const [titles = '', ...rows] = (await download(page.getByRole('link', { name: /\.csv$/ })))
      .toString()
      .trim()
      .split(/\r?\n/);
    expect(titles, 'in the words of the reader').toContain(headingOf('startAt', look.language));
    expect(rows).toHaveLength(3);

    await page.getByRole('button', { name: w('calls:export.open') }).click();
    await dialog.getByRole('radio', { name: w('calls:format.zip') }).check();
    await inspect(page, 'export-of-recordings');
    await dialog.getByRole('button', { name: w('calls:export.act') }).click();
    expect((await download(page.getByRole('link', { name: /\.zip$/ }))).subarray(0, 2).toString()).toBe('PK');
    await inspect(page, 'exports-made');
  });

  it('hears a call, says something about it, and deletes nothing unasked', async () => {
    const page = await open(`/calls/${encodeURIComponent(talkId)}`);
    const comments = page.getByRole('region', { name: w('call:comment.title') });
    await page.getByRole('slider').first().waitFor();
    await page.keyboard.press(instant.key);
    await page.keyboard.press('c');
    await page.keyboard.type('Nobody says a word here');
    await page.getByRole('button', { name: w('call:comment.writeAt', { at: instant.clock }) }).click();
    const marker = { at: instant.clock, name: account.name, text: 'Nobody says a word here' };
    await page.getByRole('button', { name: w('call:comment.marker', marker) }).waitFor();

    await page.getByRole('combobox', { name: w('call:tags.label') }).fill('silence');
    await page.keyboard.press('Enter');
    await until(async () => (await server.client.calls.get(talkId)).tags?.join() === 'silence', {
      what: 'the call has the tag',
    });

    await page.getByRole('button', { name: w('player:play'), exact: true }).click();
    await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 5.5);
    await page.getByRole('button', { name: w('player:pause'), exact: true }).waitFor();
    await inspect(page, 'call-heard');
    await page.keyboard.press('Space');

    await page.getByRole('button', { name: w('call:delete.open') }).click();
    const removal = page.getByRole('dialog', { name: w('call:delete.title') });
    await removal.getByText(w('call:delete.text')).waitFor();
    await inspect(page, 'recording-deletion');
    await removal.getByRole('button', { name: w('common:cancel') }).click();
    await removal.waitFor({ state: 'detached' });
    expect((await server.client.recordings.get(recordingId)).state).toBe('archived');

    await comments.getByRole('button', { name: w('call:comment.edit') }).click();
    await comments.getByRole('textbox', { name: w('call:comment.edit') }).fill('Silence');
    await inspect(page, 'comment-editing');
    await comments.getByRole('button', { name: w('call:comment.save') }).click();
    await comments.getByText(w('call:comment.edited')).waitFor();
    await comments.getByRole('button', { name: w('call:comment.remove') }).click();
    const leaving = page.getByRole('dialog', { name: w('call:comment.remove') });
    await inspect(page, 'comment-deletion');
    await leaving.getByRole('button', { name: w('call:comment.removeAct'), exact: true }).click();
    await comments.getByText(w('call:comment.none')).waitFor();
  });

  it('hears a call in the list, and sees that there are new ones', async () => {
    const page = await open(`/calls?taskId=${taskId}`);
    await page.getByRole('button', { name: w('calls:playCall', { callId: talkId }) }).click();
    const player = page.getByRole('region', { name: w('calls:player') });
    await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.3);
    await player.getByRole('button', { name: w('player:pause'), exact: true }).click();
    await publishReports(server, [{ callId: `${half}^new`, taskId, startTime: '2025-05-22 12:40:00' }]);
    const news = page.getByRole('button', { name: w('calls:new', { count: 1 }) });
    await news.waitFor();
    await inspect(page, 'calls-heard-and-new');
    await news.click();
    await untilListed(page, [talkId, `${half}^new`, ...unheardIds]);
  });

  it('sees that a recording cannot be played, and tries again', async () => {
    const page = await open(`/calls/${encodeURIComponent(talkId)}`, /\/audio/);
    await page.getByRole('slider').first().waitFor();
    await page.route('**/audio', (route) => route.abort());
    await page.getByRole('button', { name: w('player:play'), exact: true }).click();
    const problem = page.getByRole('alert').filter({ hasText: w('player:failed.title') });
    await problem.waitFor();
    await inspect(page, 'call-not-played');
    await page.unroute('**/audio');
    await problem.getByRole('button', { name: w('player:failed.again') }).click();
    await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.3);
    await problem.waitFor({ state: 'detached' });
  });

  it('looks up the keys', async () => {
    const page = await open(`/calls/${encodeURIComponent(talkId)}`);
    await page.getByRole('slider').first().waitFor();
    await page.keyboard.press('?');
    const map = page.getByRole('dialog', { name: w('common:keys.title') });
    await map.getByText(w('common:search.key')).waitFor();
    await map.getByText(w('player:keys.faster')).waitFor();
    await inspect(page, 'keyboard-map');
    await page.keyboard.press('Escape');
    await map.waitFor({ state: 'detached' });
  });
});
