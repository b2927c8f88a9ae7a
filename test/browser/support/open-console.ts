import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { ConsoleServer } from './console-server.js';
import type { Look } from './looks.js';
import { giveUpAfterMs } from '../../support/test-run.js';
import type { Person } from './people.js';

export interface ConsoleOptions extends Partial<Look> {
  /** Signed in as; without it nobody is. */
  readonly account?: Person;
  /** What begins it; the overview where none is named. */
  readonly path?: string;
  /** Console lines that the test provokes: Chromium reports every answer from 400 on as an error. */
  readonly expects?: RegExp;
  /** The test may let the page's time leap, by `page.clock.fastForward`: what is asked for again and again comes at once. */
  readonly leaps?: boolean;
}

/** How many times slower pages run than they could: what only a busy machine shows is looked for with it. */
const slowdown = Number(process.env['BROWSER_SLOWDOWN'] ?? 1);

/**
 * Opens the console in a browser context of its own, gone with the test, which fails on anything that went
 * wrong unseen: an error or a warning on the browser's console, a breach of the Content-Security-Policy, an
 * exception that nobody caught, a request that got no answer.
 */
export async function openConsole(
  browser: Browser,
  server: ConsoleServer,
  { language = 'en', scheme = 'light', account, path = '/', expects, leaps = false }: ConsoleOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: language,
    colorScheme: scheme,
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
  });
  const troubles: string[] = [];
  onTestFinished(async () => {
    await context.close();
    expect(troubles, 'what went wrong in the browser unseen').toEqual([]);
  });
  watch(context, (trouble) => {
    if (!expects?.test(trouble)) troubles.push(trouble);
  });
  if (account) await signIn(context, server, account);
  const page = await context.newPage();
  page.setDefaultTimeout(giveUpAfterMs);
  if (slowdown > 1) {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  }
  if (leaps) await page.clock.install();
  await page.goto(path);
  return page;
}

function watch(context: BrowserContext, report: (trouble: string) => void): void {
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      report(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => report(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // The page went elsewhere, or did not want the answer any more.
    if (why !== 'net::ERR_ABORTED') report(`request: ${request.method()} ${request.url()} ${why}`);
  });
}

/** By the API, as the sign-in page does: the cookie is the context's. */
async function signIn(context: BrowserContext, server: ConsoleServer, account: Person): Promise<void> {
  const response = await context.request.post(`${server.url}/api/v1/session`, {
    data: { name: account.name, password: account.password },
    headers: { origin: server.url },
  });
  if (!response.ok()) throw new Error(`sign-in: ${response.status()} ${await response.text()}`);
}
