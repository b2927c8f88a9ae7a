import { readLanguage } from './i18n/languages.ts';
import { loadTexts, textsOfEveryPage } from './i18n/text-files.ts';
import { pageAt } from './pages.ts';

askAhead(window.location.pathname);

/**
 * Asks at once for what the router will ask for in turn: who is signed in, the code of the page at this address, and
 * its texts. Whatever fails is asked for again by whoever needs it, and told there.
 */
function askAhead(path: string): void {
  preload('/api/v1/session');
  const page = pageAt(path);
  const language = readLanguage();
  for (const namespace of [...textsOfEveryPage, ...(page?.texts ?? [])]) {
    loadTexts(language, namespace).catch(ignore);
  }
  page?.load().catch(ignore);
}

/** An answer that the browser keeps for the first `fetch` of the same address. */
function preload(address: string): void {
  const link = document.createElement('link');
  Object.assign(link, { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href: address });
  document.head.append(link);
}

function ignore(): void {}
