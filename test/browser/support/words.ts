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

const resources = Object.fromEntries(languages.map((language) => [language, readTexts(language)]));

const i18n = createInstance();
void i18n.init({
  initAsync: false,
  fallbackLng: false,
  resources,
  interpolation: { escapeValue: false },
});

/** The console's own words in a language, so that a test of a flow is written once for all of them. */
export function wordsOf(language: Language): Words {
  return i18n.getFixedT(language);
}

/** Texts without values in them that are of no other language, and nobody's data: of several words, or Chinese. */
export function sentencesOnlyOf(language: Language): ReadonlySet<string> {
  const others = new Set(
    languages.filter((each) => each !== language).flatMap((each) => flatten(resources[each])),
  );
  const own = flatten(resources[language]).filter(
    (text) => /\s|\p{Script=Han}/u.test(text) && !text.includes('{{'),
  );
  return new Set(own.filter((text) => !others.has(text)));
}

function flatten(texts: unknown): string[] {
  if (typeof texts === 'string') return [texts];
  return Object.values(texts as object).flatMap(flatten);
}

function readTexts(language: Language): ResourceLanguage {
  return Object.fromEntries(
    readdirSync(join(folder, language)).map((name) => [
      name.replace(/\.json$/, ''),
      JSON.parse(readFileSync(join(folder, language, name), 'utf8')) as ResourceLanguage[string],
    ]),
  );
}
