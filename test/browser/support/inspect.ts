import type { Page } from 'playwright-core';
import { expectAccessible } from './expect-accessible.js';
import { expectOneLanguage } from './expect-one-language.js';
import { keepScreenshot } from './keep-screenshot.js';
import { lookOf, looksAt, turn, type Look } from './looks.js';
import { wordsOf, type Words } from './words.js';

/**
 * What a flow has come to, a page, a dialog or a result, in one look after the other: it is in one language, axe
 * finds nothing in it, and people can look at it afterwards. Then it is in the look that it had.
 * @param place names the screenshots, and decides in which looks there are some
 * @param check what is to be seen there besides, in the words of each look
 */
export async function inspect(
  page: Page,
  place: string,
  check?: (w: Words, look: Look) => Promise<unknown>,
): Promise<void> {
  const own = await lookOf(page);
  for (const look of looksAt(place)) {
    await turn(page, look);
    await check?.(wordsOf(look.language), look);
    await expectOneLanguage(page, look.language);
    await expectAccessible(page);
    await keepScreenshot(page, place, look);
  }
  await turn(page, own);
}
