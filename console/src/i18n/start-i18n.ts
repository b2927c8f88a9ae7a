import { createInstance, type BackendModule, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { chooseLanguage, languages, type Language } from './languages.ts';

const storageKey = 'earshot-language';

type Texts = Record<string, unknown>;

/** One small file for each page and language, fetched when it is first shown. */
const files = import.meta.glob<Texts>('./*/*.json', { import: 'default' });

const filesByName: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`./${language}/${namespace}.json`];
    if (!load) return done(new Error(`There are no texts ${language}/${namespace}.`), null);
    load().then(
      (texts) => done(null, texts),
      (error: unknown) => done(error as Error, null),
    );
  },
};

/** Texts of what stands around every page are there when this resolves. */
export async function startI18n(): Promise<I18n> {
  const i18n = createInstance();
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18n
    .use(filesByName)
    .use(initReactI18next)
    .init({
      lng: chooseLanguage(localStorage.getItem(storageKey), navigator.languages),
      fallbackLng: false,
      supportedLngs: languages,
      load: 'currentOnly',
      // Problems are there before there is one: what is to be told then may be that nothing can be fetched.
      ns: ['common', 'problems'],
      defaultNS: 'common',
      // React escapes what it renders.
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  return i18n;
}

export async function changeLanguage(i18n: I18n, language: Language): Promise<void> {
  localStorage.setItem(storageKey, language);
  await i18n.changeLanguage(language);
}
