import { buffer } from 'node:stream/consumers';
import type { Locator } from 'playwright-core';

/** The file behind a link. The browser is another machine's as far as Playwright can tell: it has no path here. */
export async function download(link: Locator): Promise<Buffer> {
  const [file] = await Promise.all([link.page().waitForEvent('download'), link.click()]);
  return buffer(await file.createReadStream());
}
