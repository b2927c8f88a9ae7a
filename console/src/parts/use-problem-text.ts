import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../src/contract/client.ts';
import type problems from '../i18n/en/problems.json';

export interface ProblemText {
  readonly title: string;
  /** What was wrong with this very request. */
  readonly detail: string;
  /** Of the detail where it is not the reader's: the server's own words are English. */
  readonly detailLanguage?: 'en';
  readonly remedy: string | undefined;
}

/** An error in the reader's language; of a code that is not known here, in the server's words. */
export function useProblemText(error: Error): ProblemText {
  const { t, i18n } = useTranslation(['common', 'problems']);
  if (!(error instanceof ApiProblem)) {
    return { title: t('problem.unreachable'), detail: t('problem.unreachableDetail'), remedy: undefined };
  }
  const detail = { detail: error.message, ...(i18n.language !== 'en' && { detailLanguage: 'en' as const }) };
  if (!i18n.exists(`problems:${error.code}.title`)) {
    return { title: t('problem.refused'), ...detail, remedy: error.remedy };
  }
  const code = error.code as keyof typeof problems;
  return { title: t(`problems:${code}.title`), ...detail, remedy: t(`problems:${code}.remedy`) };
}
