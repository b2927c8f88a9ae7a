import { useTranslation } from 'react-i18next';
import type { Language } from './languages.ts';
import { changeLanguage } from './start-i18n.ts';

export function useLanguage(): [Language, (language: Language) => void] {
  const { i18n } = useTranslation();
  return [i18n.language as Language, (language) => void changeLanguage(i18n, language)];
}
