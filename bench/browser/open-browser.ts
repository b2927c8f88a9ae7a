import { chromium, type BrowserContext } from 'playwright-core';
import { pageClock } from './page-clock.js';

/** Debian's without a window, which takes a quarter less of processor; another where one is named. */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium-headless-shell';

const args = [
  // As root in a container there is no other way; only pages of ours are opened.
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
];

export interface Account {
  readonly name: string;
  readonly password: string;
}

export interface BrowserUnderTest {
  /** Signed in, and with nothing in its caches; every page of it has the clock of page-clock.ts. */
  openContext(): Promise<BrowserContext>;
  close(): Promise<void>;
}

export async function openBrowser(url: string, account: Account): Promise<BrowserUnderTest> {
  const browser = await chromium.launch({ executablePath, args });
  return {
    openContext: async () => {
      const context = await browser.newContext({
        baseURL: url,
        locale: 'en',
        timezoneId: 'UTC',
        viewport: { width: 1280, height: 860 },
        reducedMotion: 'reduce',
      });
      await context.addInitScript(pageClock);
      const headers = { origin: url };
      const answer = await context.request.post('/api/v1/session', { data: account, headers });
      if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
      return context;
    },
    close: () => browser.close(),
  };
}
