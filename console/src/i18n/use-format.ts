import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { createFormat, type Format } from './format.ts';
import type { Language } from './languages.ts';

/** Formats for the language that is shown. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const language = i18n.language as Language;
  return useMemo(() => createFormat(language), [language]);
}
