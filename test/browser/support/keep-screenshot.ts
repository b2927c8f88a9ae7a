import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Look } from './looks.js';

const folder = fileURLToPath(new URL('../../../test-output/screenshots/', import.meta.url));

/** For people to look at after a run: `overview-zh-CN-dark.png`. */
export async function keepScreenshot(page: Page, name: string, { language, scheme }: Look): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // Of a page that was scrolled, the bar that stays in sight would lie across the middle of the picture.
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${name}-${language}-${scheme}.png`), fullPage: true });
}
