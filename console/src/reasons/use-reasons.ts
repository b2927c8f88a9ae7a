import { useTranslation } from 'react-i18next';
import type texts from '../i18n/en/reasons.json';

/** Which table of docs/errors.md a word is from: the same word may stand in several. */
export type ReasonKind = keyof typeof texts;

/** What a reason is called, where it comes from, and what to do about it. */
export interface ReasonText {
  readonly name: string;
  readonly cause: string;
  readonly remedy: string;
}

/** The words about a reason, in the language that is shown. The page must have loaded the texts `reasons`. */
export function useReasons(): (kind: ReasonKind, word: string) => ReasonText {
  const { t, i18n } = useTranslation('reasons');
  return (kind, word) => {
    const key = `reasons:${kind}.${word}`;
    // A newer process of the same store may know more words than this page.
    if (!i18n.exists(key)) return { name: word, cause: '', remedy: '' };
    return t(key as 'delivery.timeout', { returnObjects: true });
  };
}
