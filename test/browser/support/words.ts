import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInstance, type ResourceLanguage, type TFunction, type TypeOptions } from 'i18next';
// The keys that there are: a word that the console has not is an error of types.
import type {} from '../../../console/src/i18n/i18next.d.ts';
import { languages, type Language } from '../../../console/src/i18n/languages.js';

const folder = fileURLToPath(new URL('../../../console/src/i18n/', import.meta.url));

/** `'calls:export.act'` to the text that the console shows, with its values in place. */
export type Words = TFunction<(keyof TypeOptions['resources'])[]>;

const i18n = createInstance();
void i18n.init({
  initAsync: false,
  fallbackLng: false,
  resources: Object.fromEntries(languages.map((language) => [language, readTexts(language)])),
  interpolation: { escapeValue: false },
});

/** The console's own words in a language, so that a test of a flow is written once for all of them. */
export function wordsOf(language: Language): Words {
  return i18n.getFixedT(language);
}

function readTexts(language: Language): ResourceLanguage {
  return Object.fromEntries(
    readdirSync(join(folder, language)).map((name) => [
      name.replace(/\.json$/, ''),
      JSON.parse(readFileSync(join(folder, language, name), 'utf8')) as ResourceLanguage[string],
    ]),
  );
}
