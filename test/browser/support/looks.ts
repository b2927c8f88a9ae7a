import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { languageKey, type Language } from '../../../console/src/i18n/languages.js';
import { tier } from '../../support/test-run.js';

export interface Look {
  readonly language: Language;
  readonly scheme: 'light' | 'dark';
}

/** Every language in every scheme. Each file acts in one of them, and in the next file it is another. */
export const looks = {
  english: { language: 'en', scheme: 'light' },
  chineseDark: { language: 'zh-CN', scheme: 'dark' },
  englishDark: { language: 'en', scheme: 'dark' },
  chinese: { language: 'zh-CN', scheme: 'light' },
} as const satisfies Record<string, Look>;

/** In which a place is looked at: in one of them usually, which is another from place to place, and in the others added. */
export function looksAt(place: string): readonly Look[] {
  const all = Object.values(looks);
  // Of the name alone, so that a place is looked at in the same look in every run.
  const usual = all[createHash('sha256').update(place).digest()[0]! % all.length];
  return all.filter((look) => (look === usual) === (tier === 'usual'));
}

/** Waits for it: a page that has only begun to load is in no scheme yet. */
export async function lookOf(page: Page): Promise<Look> {
  const look = await page.waitForFunction(() => {
    const { lang, dataset } = document.documentElement;
    return dataset['mantineColorScheme'] && { language: lang, scheme: dataset['mantineColorScheme'] };
  });
  return (await look.jsonValue()) as Look;
}

/**
 * The page as it is, in another look. Nothing in it is touched: the scheme is the system's, and of the language it
 * hears as if it had been changed in another tab.
 */
export async function turn(page: Page, to: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: to.scheme });
  await page.evaluate(
    ({ language, key }) => {
      if (document.documentElement.lang === language) return;
      localStorage.setItem(key, language);
      window.dispatchEvent(new StorageEvent('storage', { key, newValue: language }));
    },
    { language: to.language, key: languageKey },
  );
  await page.waitForFunction(({ language, scheme }) => {
    const { lang, dataset } = document.documentElement;
    return lang === language && dataset['mantineColorScheme'] === scheme;
  }, to);
  await page.evaluate(async () => {
    await new Promise<void>((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
    // What goes over from one colour into another has neither contrast meanwhile.
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
  });
}
