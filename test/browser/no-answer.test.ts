import type { Route } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { inspect } from './support/inspect.js';
import { looks } from './support/looks.js';
import { openConsole } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';
import { wordsOf } from './support/words.js';

/** Each page that asks for something before it can show anything. */
const asking = [
  ['overview', '/'],
  ['calls', '/calls'],
  ['call', '/calls/1000016%5E10000185'],
  ['recordings', '/recordings'],
  ['endpoints', '/endpoints'],
  ['endpoint', '/endpoints/01JAAAAAAAAAAAAAAAAAAAAAAA'],
  ['endpoint-editing', '/endpoints/01JAAAAAAAAAAAAAAAAAAAAAAA/edit'],
  ['deliveries', '/deliveries'],
  ['causes', '/deliveries?state=dead&by=cause'],
  ['delivery', '/deliveries/01JAAAAAAAAAAAAAAAAAAAAAAA'],
  ['quarantine', '/quarantine'],
  ['quarantine-item', '/quarantine/01JAAAAAAAAAAAAAAAAAAAAAAA'],
  ['audit-log', '/audit-log'],
  ['people', '/settings/people'],
  ['keys', '/settings/keys'],
  ['sources', '/settings/sources'],
  ['start', '/start'],
] as const;

/** After which a page of an endpoint asks again. */
const refreshMs = 5_000;

/** What pages ask; no function, for which every file would come by here. */
const questions = /\/api\/v1\/(?!session$|live$)/;

const refusal = {
  type: 'urn:earshot:error:right-missing',
  title: 'The right to this is missing',
  status: 403,
  detail: 'Nobody has a right to this here.',
  code: 'right-missing',
};

describe('a page without an answer', () => {
  const chromium = useChromium();
  const server = useConsoleServer();

  beforeAll(() => createAdministrator(server));

  const open = (path: string, expects?: RegExp) =>
    openConsole(chromium(), server, { account: administrator, path, ...(expects && { expects }) });

  it('says that it waits', async () => {
    const page = await open('/settings');
    const main = page.getByRole('main');
    const waiting = main.getByRole('status', { name: wordsOf('en')('common:loading') });
    await page.route(questions, () => undefined);
    // The overview would hear of its status by an event.
    await page.route('**/api/v1/live', () => undefined);
    for (const [name, path] of asking) {
      await page.goto(path);
      await waiting.first().waitFor();
      await inspect(page, `waiting-${name}`, (w) =>
        main
          .getByRole('status', { name: w('common:loading') })
          .first()
          .waitFor(),
      );
    }
  });

  it('says what was refused, and what to do', async () => {
    const page = await open('/settings', /status of 403/);
    await page.route(questions, refuse);
    for (const [name, path] of asking) {
      await page.goto(path);
      const alert = page.getByRole('main').getByRole('alert');
      await alert.first().waitFor();
      await inspect(page, `refused-${name}`, async (w, { language }) => {
        const told = alert.filter({ hasText: w('problems:right-missing.remedy') }).first();
        // The server's words are English, and marked as such where the page is not.
        const detail = told.getByText(refusal.detail, { exact: true });
        expect(await detail.getAttribute('lang')).toBe(language === 'en' ? null : 'en');
      });
    }
  });

  it('does not say that nothing is being lost', async () => {
    const w = wordsOf('zh-CN');
    const page = await openConsole(chromium(), server, { ...looks.chinese, account: administrator });
    await page.getByText(w('overview:verdict.fine')).waitFor();
    await page.route('**/api/v1/overview', () => undefined);
    await page.reload();
    await page.getByText(w('overview:verdict.unknown')).waitFor();
    await page.unroute('**/api/v1/overview');
    await page.reload();
    await page.getByText(w('overview:verdict.fine')).waitFor();
  });

  it('whose parts cannot be fetched tells so in its place, and is shown once the server is back', async () => {
    const w = wordsOf('en');
    const page = await open('/', /ERR_INTERNET_DISCONNECTED|NoAnswer|PartMissing/);
    await page.getByText(w('overview:verdict.fine')).waitFor();
    await page.context().setOffline(true);
    for (const [name, title] of [
      ['recordings', w('recordings:title')],
      ['audit', w('audit-log:title')],
    ] as const) {
      await page.getByRole('link', { name: w(`common:navigation.${name}`) }).click();
      await page.getByRole('heading', { name: w('common:problem.ofPage') }).waitFor();
      await page.getByRole('main').getByText(w('common:problem.unreachable')).waitFor();
      await page.context().setOffline(false);
      if (name === 'recordings') await inspect(page, 'no-part');
      await page.getByRole('button', { name: w('common:tryAgain') }).click();
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.context().setOffline(true);
    }
    await page.getByRole('button', { name: w('common:language.label', { language: 'English' }) }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByText(w('common:problem.unreachable')).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('whose answer fails to come again tells so, and takes away neither what is known nor what was typed', async () => {
    const { id } = await server.client.endpoints.create({ name: 'Billing', url: 'https://billing.example/' });
    const path = `/endpoints/${id}/edit`;
    const page = await openConsole(chromium(), server, {
      ...{ account: administrator, path },
      expects: /status of 40[34]/,
      leaps: true,
    });
    const askAgain = () => page.clock.fastForward(refreshMs);
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('Billing of the branch');
    await page.route(`**/api/v1/endpoints/${id}`, refuse);
    await askAgain();
    const alert = page.getByRole('main').getByRole('alert').getByText(refusal.detail);
    await alert.waitFor();
    expect(await name.inputValue()).toBe('Billing of the branch');
    await page.unroute(`**/api/v1/endpoints/${id}`);
    await askAgain();
    await alert.waitFor({ state: 'detached' });

    await page.goto(`/endpoints/${id}`);
    const heading = page.getByRole('heading', { name: 'Billing', level: 1 });
    await heading.waitFor();
    await server.client.endpoints.remove(id);
    await askAgain();
    await page.getByText('No endpoint has this id', { exact: false }).first().waitFor();
    expect(await heading.isVisible()).toBe(true);
  });
});

function refuse(route: Route): Promise<void> {
  return route.fulfill({ status: 403, contentType: 'application/problem+json', json: refusal });
}
