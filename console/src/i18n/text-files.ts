import { fetchPart } from '../fetch-part.ts';
import type { Language } from './languages.ts';

type Texts = Record<string, unknown>;

/** One small file for each page and language, fetched when it is first shown. */
const files = import.meta.glob<Texts>('./*/*.json', { import: 'default' });

/** What stands around every page, and problems: what is to be told then may be that nothing can be fetched. */
export const textsOfEveryPage = ['common', 'problems'] as const;

export function loadTexts(language: Language, namespace: string): Promise<Texts> {
  const load = files[`./${language}/${namespace}.json`];
  return load ? fetchPart(load) : Promise.reject(new Error(`There are no texts ${language}/${namespace}.`));
}
