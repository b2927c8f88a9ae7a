import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../src/contract/client.ts';
import { NoAnswer } from '../client.ts';
import type problems from '../i18n/en/problems.json';

export interface ProblemText {
  readonly title: string;
  /** What was wrong with this very request. */
  readonly detail: string;
  /** Whether the detail is a sentence of the server's. */
  readonly isServersOwn: boolean;
  readonly remedy: string | undefined;
}

/** An error in the reader's language; of a code that is not known here, in the server's words. */
export function useProblemText(error: Error): ProblemText {
  const { t, i18n } = useTranslation(['common', 'problems']);
  if (error instanceof NoAnswer) {
    const [title, detail] = [t('problem.unreachable'), t('problem.unreachableDetail')];
    return { title, detail, isServersOwn: false, remedy: undefined };
  }
  if (!(error instanceof ApiProblem)) {
    const own = { detail: error.message, isServersOwn: true };
    return { title: t('problem.broken'), ...own, remedy: t('problem.brokenRemedy') };
  }
  const detail = { detail: error.message, isServersOwn: true };
  if (!i18n.exists(`problems:${error.code}.title`)) {
    return { title: t('problem.refused'), ...detail, remedy: error.remedy };
  }
  const code = error.code as keyof typeof problems;
  return { title: t(`problems:${code}.title`), ...detail, remedy: t(`problems:${code}.remedy`) };
}
