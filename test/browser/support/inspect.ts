import type { Page } from 'playwright-core';
import { expectAccessible } from './expect-accessible.js';
import { keepScreenshot } from './keep-screenshot.js';
import type { Look } from './open-console.js';

/** What a flow has come to, a dialog or a result: axe finds nothing in it, and people can look at it afterwards. */
export async function inspect(page: Page, name: string, look: Look): Promise<void> {
  await expectAccessible(page);
  await keepScreenshot(page, name, look);
}
