import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { expectAccessible } from './support/expect-accessible.js';
import { inspect } from './support/inspect.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator, createPerson } from './support/people.js';
import { publishReports, publishTalk, silence } from './support/published-calls.js';

const callId = '100001610001^100001820002';
const path = `/calls/${encodeURIComponent(callId)}`;
/** What no double can hold, and what JSON.parse would write otherwise. */
const digits = { detailId: '12345678901234567890', rate: '1.10' };

/** What the player's element says of itself. */
async function audioOf(page: Page) {
  return page.evaluate(() => {
    const { currentTime, paused, playbackRate } = document.querySelector('audio')!;
    return { currentTime, paused, playbackRate };
  });
}

/** Waits until the recording has been played on to `second`. */
function played(page: Page, second: number): Promise<unknown> {
  return page.waitForFunction((to) => document.querySelector('audio')!.currentTime >= to, second);
}

/** Puts an ear between the player and the loudspeaker. */
async function listenIn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const connect = AudioNode.prototype.connect as (this: AudioNode, target: AudioNode) => AudioNode;
    Object.assign(AudioNode.prototype, {
      connect(this: AudioNode, target: AudioNode, ...rest: []) {
        if (target instanceof AudioDestinationNode) {
          const ear = new AnalyserNode(this.context);
          connect.call(this, ear);
          Object.assign(window, { ear });
        }
        return connect.call(this, target, ...rest);
      },
    });
  });
}

/** The loudest sample that comes out of the player just now, 0 to 1. */
function loudness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { ear } = window as unknown as { ear?: AnalyserNode };
    if (!ear) return 0;
    const samples = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(samples);
    return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  });
}

describe('the page of a call', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const account = administrator;
  let recordingId = '';

  beforeAll(async () => {
    await createAdministrator(server);
    recordingId = await publishTalk(server, { callId, taskId: 'task-7', outId: 'order-4711' });
    await server.client.messages.publish(
      `{"callId":"${callId}","statusCode":"200010","detailId":${digits.detailId},"rate":${digits.rate}}`,
    );
    await until(async () => (await server.client.calls.get(callId)).messages.length === 2, {
      what: 'both messages are there',
    });
  });

  it('tells all about it', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    await page.getByRole('slider').first().waitFor();
    await page.getByText('order-4711').first().waitFor();
    await page.locator('time').first().waitFor();
    await inspect(page, 'call');
  });

  it('plays: sound comes out, and the bytes come by ranges', async () => {
    const page = await openConsole(chromium(), server, { account });
    await listenIn(page);
    const answers: { status: number; range: string | undefined }[] = [];
    page.on('response', (response) => {
      if (!response.url().endsWith(`/recordings/${recordingId}/audio`)) return;
      answers.push({ status: response.status(), range: response.headers()['content-range'] });
    });
    await page.goto(path);
    await page.getByRole('slider').first().waitFor();
    expect(answers, 'looking is not listening').toEqual([]);
    await page.keyboard.press('Space');
    await played(page, 0.5);
    await until(async () => (await loudness(page)) > 0.1, { what: 'sound comes out' });
    expect(answers[0]).toMatchObject({ status: 206, range: expect.stringMatching(/^bytes 0-\d+\/\d+$/) });
    await page.keyboard.press('Space');
    expect((await audioOf(page)).paused).toBe(true);
  });

  it('plays one side of it', async () => {
    const page = await openConsole(chromium(), server, { account });
    await listenIn(page);
    await page.goto(path);
    await page.getByRole('slider').first().waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('Space');
    await played(page, 0.6);
    expect(await loudness(page), 'only left speaks').toBeLessThan(0.01);
    await page.keyboard.press('1');
    await until(async () => (await loudness(page)) > 0.1, { what: 'left is heard' });
  });

  it('goes where it is told by keys and by the pointer, faster and slower, and remembers how fast', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    const slider = page.getByRole('slider', { name: 'Position in the recording' });
    await slider.waitFor();
    await page.keyboard.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toBe('0:05 of 0:13');
    await page.keyboard.press('.');
    await page.keyboard.press(',');
    await page.keyboard.press('ArrowLeft');
    expect(await slider.getAttribute('aria-valuenow')).toBe('0');
    const box = (await slider.boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    expect((await audioOf(page)).currentTime).toBeCloseTo(6.5, 0);
    await page.keyboard.press(']');
    await page.keyboard.press(']');
    expect(await page.getByLabel('Speed').inputValue()).toBe('1.5');
    await page.reload();
    await slider.waitFor();
    expect(await page.getByLabel('Speed').inputValue()).toBe('1.5');
  });

  it('jumps over silence and says what that saved', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    await page.getByText('saves 0:').waitFor();
    await page.getByRole('slider').first().waitFor();
    await page.keyboard.press('s');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await played(page, silence.to);
    await page.getByText(/saved 0:0[4-6]/).waitFor();
    expect(
      (await audioOf(page)).currentTime,
      'in the middle of the silence nothing was played',
    ).toBeGreaterThan(silence.to);
  });

  it('repeats a stretch', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    await page.getByRole('slider').first().waitFor();
    await page.keyboard.press('.');
    await page.keyboard.press('a');
    await page.keyboard.press('.');
    await page.keyboard.press('b');
    await page.getByRole('button', { name: 'A 0:01' }).waitFor();
    await page.getByLabel('Speed').selectOption('3');
    await page.evaluate(() => {
      const returns: number[] = [];
      Object.assign(window, { returns });
      const audio = document.querySelector('audio')!;
      audio.addEventListener('seeking', () => returns.push(audio.currentTime));
    });
    await page.keyboard.press('Space');
    await page.waitForFunction(() => {
      const { returns } = window as unknown as { returns: number[] };
      return returns.filter((position) => position === 1).length >= 3;
    });
    await page.keyboard.press('l');
    await played(page, 2.6);
  });

  it('takes comments at the instant that is heard, and goes back there', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    await page.getByRole('slider').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('c');
    await page.keyboard.type('Nobody says a word here');
    await page.keyboard.press('Control+Enter');
    const comments = page.getByRole('region', { name: 'Comments' });
    await comments.getByText('Nobody says a word here').waitFor();
    await page.getByRole('button', { name: '0:05, wen: Nobody says a word here' }).waitFor();
    // The focus is still there: a second one is about the instant at which it is begun.
    await page.evaluate(() => (document.querySelector('audio')!.currentTime = 7));
    await page.keyboard.type('Now they do');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: '0:07, wen: Now they do' }).waitFor();
    const [second] = (await server.client.calls.comments(callId)).items.filter(
      ({ atSeconds }) => atSeconds === 7,
    );
    await server.client.comments.remove(second?.id ?? '');
    await comments.getByText('Now they do').waitFor({ state: 'detached' });
    const { id } = await server.client.calls.comment(callId, { text: 'Somebody else says this' });
    await comments.getByText('Somebody else says this').waitFor();
    await server.client.comments.remove(id);
    await comments.getByText('Somebody else says this').waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('slider').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await comments.getByRole('button', { name: '0:05' }).click();
    expect((await audioOf(page)).currentTime).toBe(5);
    await comments.getByRole('button', { name: 'Edit the comment' }).click();
    await comments.getByRole('textbox', { name: 'Edit the comment' }).fill('Silence');
    await comments.getByRole('button', { name: 'Save' }).click();
    await comments.getByText('edited').waitFor();
    await expectAccessible(page);
    await comments.getByRole('button', { name: 'Delete the comment' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await comments.getByText('Nobody has said anything yet.').waitFor();
  });

  it('takes tags, and finds calls by them', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    await page.getByRole('combobox', { name: 'Tags' }).fill('complaint');
    await page.keyboard.press('Enter');
    await until(async () => (await server.client.calls.get(callId)).tags?.join() === 'complaint', {
      what: 'the call has the tag',
    });
    await page.goto('/calls?tag=complaint');
    await page.getByRole('link', { name: callId }).waitFor();
  });

  it('shows messages with every digit as it was received', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    await page.getByRole('button', { name: /AlicomAgentCallReport/ }).click();
    await page.getByText(`"detailId": ${digits.detailId}`).waitFor();
    expect(await page.getByText(`"rate": ${digits.rate}`).count()).toBe(1);
  });

  it('tells what was heard', async () => {
    const page = await openConsole(chromium(), server, { account, path });
    await page.getByRole('slider').first().waitFor();
    await page.getByLabel('Speed').selectOption('3');
    await page.keyboard.press('Space');
    await played(page, 2);
    await page.close({ runBeforeUnload: true });
    const heard = await until(
      async () => {
        const { items } = await server.client.calls.history(callId);
        // Newest first: until the page has reported this listen, that is an earlier one.
        const newest = items.find(({ action }) => action === 'recording.heard');
        return newest && (newest.seconds ?? 0) > 1 ? newest : undefined;
      },
      { what: 'the history tells of the listen' },
    );
    expect(heard).toMatchObject({ actor: 'wen', recordingId });
  });

  it('shows a viewer no player, no links, nothing to write with', async () => {
    const viewer = await createPerson(server, 'viewer', 'viewer');
    const page = await openConsole(chromium(), server, { account: viewer, path });
    await page.getByText('This account may not listen to recordings').waitFor();
    expect(await page.locator('audio').count()).toBe(0);
    expect(await page.getByRole('textbox', { name: 'New comment' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Delete …' }).count()).toBe(0);
    await page.getByText('"recordFile"').waitFor();
    expect(await page.content()).not.toMatch(/Signature=|[?&]s=/);
    await expectAccessible(page);
  });

  it('keeps the shape of every page, however long an id is and whichever way it is written', async () => {
    const long = '9'.repeat(1_000);
    const turned = '\u202E100^1';
    const hebrew = 'שיחה^7';
    await publishReports(server, [{ callId: long }, { callId: turned }, { callId: hebrew, outId: turned }]);
    const page = await openConsole(chromium(), server, { account, path: `/calls/${long}` });
    const heading = page.getByRole('heading', { level: 1 });
    const fits = async (what: string) => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, what).toBeLessThanOrEqual(1280);
    };
    await page.getByText('Nobody has said anything yet.').waitFor();
    await fits('the page of the call');
    expect((await heading.boundingBox())?.height).toBeLessThan(130);
    await expectAccessible(page);

    await page.goto(`/calls/${encodeURIComponent(turned)}`);
    await page.getByRole('heading', { name: 'Call [U+202E]100^1', level: 1 }).waitFor();
    await page.goto(`/calls/${encodeURIComponent(hebrew)}`);
    await page.getByRole('heading', { name: `Call \u2068${hebrew}\u2069`, level: 1 }).waitFor();

    await page.goto('/calls');
    await page.getByRole('link', { name: '[U+202E]100^1' }).waitFor();
    await fits('the list of calls');
    await page.goto('/audit-log?action=call.viewed');
    const row = page.getByRole('row').filter({ hasText: long });
    await row.first().waitFor();
    await fits('the audit log');
    expect((await row.first().boundingBox())?.height, 'of one record').toBeLessThan(80);
    await page.getByRole('row').filter({ hasText: '[U+202E]100^1' }).first().waitFor();
  });

  it('says so where there is no such call', async () => {
    await publishReports(server, [{ callId: 'another' }]);
    const page = await openConsole(chromium(), server, { account, path: '/calls/none', expects: /404/ });
    await page.getByText('call-unknown').waitFor();
  });
});
