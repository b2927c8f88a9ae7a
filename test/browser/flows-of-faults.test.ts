import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../src/store/sqlite/connection.js';
import { sqliteFilesIn } from '../../src/store/sqlite/sqlite-files.js';
import { pushToken } from '../support/server-process.js';
import { createDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { patience } from '../support/test-run.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';
import { publishReports, publishTalk } from './support/published-calls.js';
import { wordsOf } from './support/words.js';

const forgedSeq = 2;

/** As somebody would who has the file in hands: Earshot's own guards are taken away first. */
function forgeAuditLog(dataDir: string): void {
  const connection = new Connection(sqliteFilesIn(dataDir).store, { busyTimeoutMs: 10_000, cacheKiB: 1_024 });
  try {
    connection.exec('DROP TRIGGER audit_log_no_update');
    connection.exec(`UPDATE audit_log SET actor_name = 'Bob' WHERE seq = ${forgedSeq}`);
  } finally {
    connection.close();
  }
}

/** Puts a file where the folder of recordings was, until the test ends: nothing can be kept there meanwhile. */
async function takeRecordingsAway(dataDir: string): Promise<void> {
  const folder = join(dataDir, 'recordings');
  await rename(folder, `${folder}.away`);
  await writeFile(folder, 'in the way');
  onTestFinished(async () => {
    await rm(folder);
    await rename(`${folder}.away`, folder);
  });
}

describe('where something is wrong', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const severalId = 'several^1';

  beforeAll(async () => {
    await createAdministrator(server);
    await publishReports(
      server,
      Array.from({ length: 6_000 }, (_, index) => ({
        callId: `${100_000 + index}^7`,
        startTime: '2025-05-22 12:29:20',
      })),
    );
    await publishTalk(server, { callId: severalId });
    // Thirteen seconds of audio, and ten minutes that were spoken.
    await publishTalk(server, { callId: severalId, duration: 600 });
    forgeAuditLog(server.dataDir);
  });

  const look = looks.chinese;
  const w = wordsOf(look.language);
  const open = (path: string, more: Partial<ConsoleOptions> = {}) =>
    openConsole(chromium(), server, { ...look, account: administrator, path, ...more });

  it('names the record at which the chain of the audit log is broken', async () => {
    const page = await open('/audit-log');
    await page.getByRole('button', { name: w('audit-log:check.act') }).click();
    await page.getByText(w('audit-log:check.broken', { seq: String(forgedSeq) })).waitFor();
    await inspect(page, 'audit-log-broken');
  });

  it('offers every recording of a call, and says of one that it is too short', async () => {
    const page = await open(`/calls/${encodeURIComponent(severalId)}`);
    const choice = page.getByRole('combobox', { name: w('call:whichRecording') });
    await choice.waitFor();
    expect(await choice.locator('option').count()).toBe(2);
    await page.getByRole('heading', { name: w('call:recordingOf', { number: 2 }) }).waitFor();
    await page.getByText(w('call:recordingFlag.short')).waitFor();
    const player = page.locator('audio');
    const first = await player.getAttribute('src');
    await choice.selectOption({ index: 1 });
    await until(async () => (await player.getAttribute('src')) !== first, {
      what: 'the other one is heard',
    });
    await inspect(page, 'call-several-recordings');
  });

  it('cancels an export that is waiting', async () => {
    const page = await open('/calls');
    await page.getByRole('button', { name: w('calls:export.open') }).click();
    // One is made after the other, the newest last.
    for (let times = 0; times < 40; times++) {
      await server.client.exports.create({ format: 'xlsx', filter: {} });
    }
    await page.getByRole('button', { name: w('calls:export.act') }).click();
    const panel = page.getByRole('list', { name: w('calls:exports.title') });
    const cancel = panel.getByRole('button', { name: w('calls:exports.cancel') });
    await cancel.first().click();
    await panel.getByText(w('common:state.cancelled')).first().waitFor();
    await inspect(page, 'export-cancelled');
  });

  it('says what to do when nothing can be kept: in the test of the storage and of an export', async () => {
    await takeRecordingsAway(server.dataDir);
    const page = await open('/settings/storage');
    await page.getByRole('button', { name: w('set-up:storage.act') }).click();
    await page.getByText(w('set-up:storage.broken')).waitFor();
    await page.getByText('A file lies where the folder is to be').waitFor();
    await inspect(page, 'storage-broken');

    await page.goto('/calls');
    await page.getByRole('button', { name: w('calls:export.open') }).click();
    await page.getByRole('button', { name: w('calls:export.act') }).click();
    const panel = page.getByRole('list', { name: w('calls:exports.title') });
    await panel.getByText(w('common:state.failed')).first().waitFor();
    await inspect(page, 'export-failed');
  });

  it('lets nobody guess passwords', async () => {
    const guessed = await createPerson(server, 'greta', 'viewer');
    const page = await openConsole(chromium(), server, {
      ...{ ...look, path: '/sign-in' },
      expects: /status of 4\d\d/,
    });
    const guess = page.getByRole('textbox', { name: w('sign-in:password') });
    const throttled = page.getByRole('alert', { name: w('problems:sign-in-throttled.title') });
    await page.getByRole('textbox', { name: w('sign-in:name') }).fill(guessed.name);
    await until(
      async () => {
        await guess.fill('not the password');
        const answered = page.waitForResponse('**/api/v1/session');
        await page.keyboard.press('Enter');
        return (await answered).status() === 429;
      },
      { what: 'no more guesses are taken' },
    );
    await throttled.waitFor();
    await inspect(page, 'sign-in-throttled');
  });
});

describe('where nobody archives', () => {
  const chromium = useChromium();
  let database: TemporaryDatabase;
  // Hooks that end things run last first: the database goes after the server.
  afterAll(() => database.drop());
  const server = useConsoleServer(async () => {
    database = await createDatabase();
    return { EARSHOT_DATABASE_URL: database.url, EARSHOT_ROLES: 'intake,deliver,api' };
  });

  beforeAll(async () => {
    await createAdministrator(server);
    // Soon, but not before its receipt: that would not be believed.
    const expires = Math.floor(Date.now() / 1000 + 3 * patience);
    const recordFile = `http://recordings.example/1.wav?Expires=${expires}`;
    const body = JSON.stringify([{ callId: 'overdue^1', recordFile }]);
    await fetch(`${server.url}/push/${pushToken}`, { method: 'POST', body });
    await until(async () => (await server.client.overview()).radar.overdue === 1, {
      what: 'the link has run out',
    });
  });

  it('the overview says that something is being lost', async () => {
    const page = await openConsole(chromium(), server, { account: administrator });
    await page.getByText(wordsOf('en')('overview:verdict.loss')).waitFor();
    await inspect(page, 'overview-loss', async (w) => {
      await page.getByText(w('overview:verdict.loss')).waitFor();
      await page.getByText(w('overview:finding.overdue', { count: 1, number: '1' })).waitFor();
    });
  });
});
