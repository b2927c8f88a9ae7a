import { beforeAll, describe, expect, it } from 'vitest';
import { encodeWav, makeSound } from '../support/sound.js';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { holdRequests } from './support/hold-requests.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole, type ConsoleOptions } from './support/open-console.js';
import { createPerson, type Person } from './support/people.js';
import { wordsOf } from './support/words.js';

/** After which a page asks again for what moves. */
const refreshMs = 5_000;

describe('an operator of recordings, in Chinese and in the dark', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  let account: Person;

  beforeAll(async () => {
    account = await createPerson(server, 'olga', 'operator');
  });

  /** A call for each, whose recording nobody has allowed to be fetched. */
  const publishBlocked = async (callIds: readonly string[]): Promise<void> => {
    const expires = Math.floor(Date.now() / 1000) + 3 * 24 * 60 * 60;
    const records = callIds.map((callId, index) => ({
      ...{ callId, duration: 5, startTime: '2025-05-22 12:29:20' },
      recordFile: `http://elsewhere.example/${index}.wav?Expires=${expires}&Signature=secret`,
    }));
    await server.client.messages.publish(JSON.stringify(records));
    for (const callId of callIds) {
      const blocked = { callId, state: 'blocked' } as const;
      await until(async () => (await server.client.calls.search(blocked)).items.length === 1, {
        what: `the recording of ${callId} is blocked`,
      });
    }
  };

  const listBlocked = async () => (await server.client.recordings.list({ state: 'blocked' })).items;

  /** And blocked anew, for nobody has allowed it meanwhile. */
  const untilTriedAgain = (...callIds: readonly string[]) =>
    until(
      async () => {
        const tried = (await listBlocked()).filter(({ attempts }) => attempts > 1);
        return callIds.every((id) => tried.some(({ callId }) => callId === id));
      },
      { what: `${callIds.join(' ')} were tried and are blocked again` },
    );

  const publishAudio = async (callId: string): Promise<string> => {
    const message = { callId, duration: 1, startTime: '2025-05-22 12:29:20' };
    const audio = new Blob([new Uint8Array(encodeWav([makeSound([{ seconds: 1, tone: 0.3 }])]))]);
    return (await server.client.recordings.publish(JSON.stringify(message), audio)).recordingId;
  };

  const look = looks.chineseDark;
  const w = wordsOf(look.language);
  const blockedIds = ['blocked^1', 'blocked^2', 'blocked^3'] as const;
  const deletedId = 'deleted^1';

  const open = (path: string, more: Partial<ConsoleOptions> = {}) =>
    openConsole(chromium(), server, { ...look, account, path, ...more });

  it('tries several again at once, and is told which cannot be', async () => {
    await publishBlocked(blockedIds);
    const page = await open('/recordings', { expects: /status of 409/, leaps: true });
    await page.getByText(w('recordings:empty.pending')).waitFor();
    await inspect(page, 'recordings-none-pending');

    const choice = (callId: string) =>
      page.getByRole('checkbox', { name: w('recordings:select', { callId }), exact: true });
    const retry = (count: number) => page.getByRole('button', { name: w('recordings:retry.act', { count }) });
    await page.goto('/recordings?state=blocked');
    await choice(blockedIds[0]).check();
    await choice(blockedIds[2]).check();
    const asked = await holdRequests(page, { method: 'POST', path: /\/retry$/ });
    await retry(2).click();
    await page.getByText(w('recordings:retry.progress', { count: 0, total: 2 })).waitFor();
    await inspect(page, 'recordings-being-retried');
    asked.release();
    await page.getByText(w('recordings:retry.done', { count: 2 })).waitFor();
    await untilTriedAgain(blockedIds[0], blockedIds[2]);
    expect((await listBlocked()).find(({ callId }) => callId === blockedIds[1])?.attempts).toBe(1);
    await page.clock.fastForward(refreshMs);
    await page.getByRole('link', { name: blockedIds[2] }).waitFor();
    await inspect(page, 'recordings-retried');

    await server.client.recordings.remove(await publishAudio(deletedId));
    await page.goto('/recordings?state=deleted');
    await choice(deletedId).check();
    await retry(1).click();
    await page.getByText(w('recordings:retry.refused', { count: 1 })).waitFor();
    await page.getByText(w('recordings:refusal.recording-not-downloadable')).waitFor();
    await inspect(page, 'recordings-retry-refused');
  });

  it('reads at the call what stands in the way, and has it tried again', async () => {
    const callId = blockedIds[1];
    const page = await open(`/calls/${encodeURIComponent(callId)}`, { leaps: true });
    await page.getByText(w('call:waiting.blocked')).waitFor();
    const attempts = page.getByRole('cell', { name: w('reasons:download.host-not-allowed.name') });
    await attempts.waitFor();
    await page.getByRole('button', { name: w('call:retry') }).click();
    await untilTriedAgain(callId);
    await page.clock.fastForward(refreshMs);
    await attempts.nth(1).waitFor();
    await page.getByText(w('call:waiting.blocked')).waitFor();
    await inspect(page, 'call-blocked');
  });

  it('deletes a recording, which the call then tells of', async () => {
    const callId = 'deleted^2';
    const id = await publishAudio(callId);
    const page = await open(`/calls/${encodeURIComponent(callId)}`);
    await page.getByRole('button', { name: w('call:delete.open') }).click();
    const dialog = page.getByRole('dialog', { name: w('call:delete.title') });
    await dialog.getByRole('button', { name: w('call:delete.act'), exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(w('reasons:download.deleted.cause')).first().waitFor();
    await page.getByText(w('call:told.act.recording-deleted', { actor: account.name })).waitFor();
    // It came with a message to Earshot, and could be fetched from nowhere.
    expect(await page.getByRole('button', { name: w('call:retry') }).count()).toBe(0);
    await inspect(page, 'call-recording-deleted');
    expect((await server.client.recordings.get(id)).reason).toBe('deleted');
  });
});
