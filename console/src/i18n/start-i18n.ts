import { createInstance, type BackendModule, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isolate } from '../given-text.ts';
import { keepLanguage, languageKey, languages, readLanguage, type Language } from './languages.ts';
import { loadTexts, textsOfEveryPage } from './text-files.ts';

const filesByName: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    loadTexts(language as Language, namespace).then(
      (texts) => done(null, texts),
      (error: unknown) => done(error as Error, null),
    );
  },
};

export interface StartedI18n {
  readonly i18n: I18n;
  /** Texts of what stands around every page are there. */
  readonly ready: Promise<unknown>;
}

export function startI18n(): StartedI18n {
  const i18n = createInstance();
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  const ready = i18n
    .use(filesByName)
    .use(initReactI18next)
    .init({
      lng: readLanguage(),
      fallbackLng: false,
      supportedLngs: languages,
      load: 'currentOnly',
      ns: textsOfEveryPage,
      defaultNS: 'common',
      // React escapes what it renders; this is for what turns the sentence around it round.
      interpolation: { escape: isolate },
      returnNull: false,
    });
  // Other tabs cause this event, this one does not. Without a key, everything was removed.
  window.addEventListener('storage', ({ key }) => {
    if (key === languageKey || key === null) changeLanguage(i18n, readLanguage()).catch(() => undefined);
  });
  return { i18n, ready };
}

/** Rejects where the texts cannot be fetched; then the language stays. */
export async function changeLanguage(i18n: I18n, language: Language): Promise<void> {
  await fetchTexts(language, [i18n.options.ns ?? []].flat());
  keepLanguage(language);
  await i18n.changeLanguage(language);
}

/** Adds the texts of a page. Rejects where they cannot be fetched. */
export async function addTexts(i18n: I18n, namespaces: readonly string[]): Promise<void> {
  await fetchTexts(i18n.language as Language, namespaces);
  await i18n.loadNamespaces(namespaces);
}

/** First by ourselves: i18next takes what has failed once for missing, shows keys, and never asks again. */
async function fetchTexts(language: Language, namespaces: readonly string[]): Promise<void> {
  await Promise.all(namespaces.map((namespace) => loadTexts(language, namespace)));
}
