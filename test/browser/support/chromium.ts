import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';

/** Debian's without a window, which takes a quarter less of processor; another where one is named. */
export const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium-headless-shell';

export const launchOptions = {
  executablePath,
  args: [
    // As root in a container there is no other way; only pages of ours are opened.
    '--no-sandbox',
    // Nothing of the browser's own goes out while the tests run.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Sound is decoded and thrown away.
    '--mute-audio',
    '--autoplay-policy=no-user-gesture-required',
  ],
};

export interface ChromiumOptions {
  /** A process for this file alone: what is measured of it is not of other files' pages. */
  readonly isOwn?: boolean;
}

/** The browser that all files share; each test opens contexts of its own in it. */
export function useChromium({ isOwn = false }: ChromiumOptions = {}): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const address = inject('chromiumAddress');
    if (!address) {
      throw new Error(
        `There is no Chromium at ${executablePath}: apt-get install chromium-headless-shell, or set CHROMIUM_PATH.`,
      );
    }
    browser = await (isOwn ? chromium.launch(launchOptions) : chromium.connect(address));
  });
  afterAll(async () => {
    await browser?.close();
  });
  return () => {
    if (!browser) throw new Error('The browser is there from the first test on.');
    return browser;
  };
}
