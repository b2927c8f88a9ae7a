import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, vi } from 'vitest';

/** Debian's, unless another is named. */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const args = [
  // As root in a container there is no other way; only pages of ours are opened.
  '--no-sandbox',
  // Nothing of the browser's own goes out while the tests run.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Sound is decoded and thrown away.
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
];

/** One browser for the tests of a file; each test opens contexts of its own in it. */
export function useChromium(): () => Browser {
  // A machine that runs other tests beside these takes its time.
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (!existsSync(executablePath)) {
      throw new Error(
        `There is no Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM_PATH.`,
      );
    }
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return () => {
    if (!browser) throw new Error('The browser is launched before the first test.');
    return browser;
  };
}
