import { useTranslation } from 'react-i18next';
import { useNotice } from '../parts/use-notice.tsx';
import type { Language } from './languages.ts';
import { changeLanguage } from './start-i18n.ts';

export function useLanguage(): [Language, (language: Language) => void] {
  const { t, i18n } = useTranslation();
  const notice = useNotice();
  const change = (language: Language): void => {
    changeLanguage(i18n, language).catch(() => notice(() => t('problem.unreachable')));
  };
  return [i18n.language as Language, change];
}
