import { use, useCallback, useSyncExternalStore } from 'react';
import { I18nContext } from 'react-i18next';
import { createFormat, type Format } from './format.ts';
import type { Language } from './languages.ts';

/** Made once for each language: a list shows hundreds of times, and Intl's formats are slow to make. */
const formats = new Map<Language, Format>();

/** Formats for the language that is shown. Lighter than `useTranslation`, for what stands in every row of a list. */
export function useFormat(): Format {
  const { i18n } = use(I18nContext);
  const subscribe = useCallback(
    (listener: () => void) => {
      i18n.on('languageChanged', listener);
      return () => i18n.off('languageChanged', listener);
    },
    [i18n],
  );
  const language = useSyncExternalStore(subscribe, () => i18n.language) as Language;
  const format = formats.get(language) ?? createFormat(language);
  formats.set(language, format);
  return format;
}
