import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Language } from '../../../console/src/i18n/languages.js';
import { giveUpAfterMs } from '../../support/test-run.js';
import { sentencesOnlyOf } from './words.js';

/** No text of the console's is left on the page in a language that the page is not in. */
export async function expectOneLanguage(page: Page, language: Language): Promise<void> {
  const foreign = sentencesOnlyOf(language === 'en' ? 'zh-CN' : 'en');
  await expect
    .poll(async () => (await textsOf(page)).filter((text) => foreign.has(text)), { timeout: giveUpAfterMs })
    .toEqual([]);
}

/** What is to be read and what is read out, but for what is marked as being of another language. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts = [document.title.replace(/ · Earshot$/, '')];
    const nodes = document.createTreeWalker(
      document.body,
      NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
      (node) =>
        node instanceof Element && (node.hasAttribute('lang') || node.matches('script, style'))
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
    );
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      if (node instanceof Element) {
        for (const name of ['aria-label', 'placeholder', 'title']) texts.push(node.getAttribute(name) ?? '');
      } else texts.push(node.nodeValue ?? '');
    }
    return texts.map((text) => text.trim()).filter((text) => text !== '' && text.length < 1_000);
  });
}
