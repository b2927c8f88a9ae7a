import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { languageNames } from '../../console/src/i18n/languages.js';
import { useChromium } from './support/chromium.js';
import { useConsoleServer } from './support/console-server.js';
import { holdRequests } from './support/hold-requests.js';
import { inspect } from './support/inspect.js';
import { looks, openConsole, type Look } from './support/open-console.js';
import { administrator, createAdministrator } from './support/people.js';
import { wordsOf, type Words } from './support/words.js';

/** Two hundred calls come and go for a while. */
const comeOrGoMs = 80_000;

// They are loaded once: what is seen then is turned from look to look, by the menus that people have for that.
describe('whoever tries it out', () => {
  const chromium = useChromium();
  const server = useConsoleServer();
  const account = administrator;

  beforeAll(() => createAdministrator(server));

  it('has demo data pushed into an empty instance, and removes them', async () => {
    let look = looks[0]!;
    const page = await openConsole(chromium(), server, { ...look, account, path: '/start' });
    /** Beginning with the look that there is. */
    const inEachLook = async (see: (w: Words, look: Look) => Promise<unknown>): Promise<void> => {
      for (const next of [look, ...looks.filter((each) => each !== look)]) {
        await turn(page, look, next);
        look = next;
        await see(wordsOf(look.language), look);
      }
    };
    const act = (name: 'set-up:demo.load' | 'set-up:demo.remove') =>
      page.getByRole('button', { name: wordsOf(look.language)(name), exact: true });

    await act('set-up:demo.load').click();
    // Nothing of it is to be seen before the first calls are there.
    await page.getByRole('progressbar').waitFor();
    const loading = await holdRequests(page, { method: 'GET', path: /\/demo$/ });
    await inEachLook(async (w) => {
      await page.getByRole('progressbar', { name: w('set-up:demo.title') }).waitFor();
      await inspect(page, 'demo-loading', look);
    });
    loading.release();
    await act('set-up:demo.remove').waitFor({ timeout: comeOrGoMs });

    const { calls, archived } = await server.client.demo.get();
    expect(archived).toBeGreaterThan(calls / 2);
    await inEachLook(async (w) => {
      await page.getByText(w('set-up:demo.present', { calls, archived })).waitFor();
      await act('set-up:demo.remove').click();
      const dialog = page.getByRole('dialog', { name: w('set-up:demo.removeTitle') });
      await dialog.getByText(w('set-up:demo.removeText')).waitFor();
      await inspect(page, 'demo-removal', look);
      await dialog.getByRole('button', { name: w('common:cancel') }).click();
      await dialog.waitFor({ state: 'detached' });
    });

    const removing = await holdRequests(page, { method: 'GET', path: /\/demo$/ });
    await act('set-up:demo.remove').click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: wordsOf(look.language)('set-up:demo.remove') })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await inEachLook(async (w) => {
      await page.getByText(w('set-up:demo.removing', { calls })).waitFor();
      await inspect(page, 'demo-being-removed', look);
    });
    removing.release();
    await act('set-up:demo.load').waitFor({ timeout: comeOrGoMs });
    expect((await server.client.calls.search({ limit: 1 })).items).toEqual([]);
  }, 300_000);
});

/** The page as it is, in another language or scheme. */
async function turn(page: Page, from: Look, to: Look): Promise<void> {
  if (from.language !== to.language) {
    const language = languageNames[from.language];
    const label = wordsOf(from.language)('common:language.label', { language });
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('menuitem', { name: languageNames[to.language] }).click();
  }
  if (from.scheme !== to.scheme) {
    const w = wordsOf(to.language);
    await page.getByRole('button', { name: w('common:appearance.label') }).click();
    await page.getByRole('menuitem', { name: w(`common:appearance.${to.scheme}`), exact: true }).click();
  }
  await page.getByRole('menu').waitFor({ state: 'detached' });
}
