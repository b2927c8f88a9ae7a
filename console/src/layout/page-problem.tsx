import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { PartMissing, reloadForMissingPart } from '../fetch-part.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';

/** In place of a page that could not be shown. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  useEffect(() => {
    if (error instanceof PartMissing) reloadForMissingPart();
  }, [error]);
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <>
      <PageHeader title={t('problem.ofPage')} />
      <ProblemAlert error={error instanceof Error ? error : new Error(String(error))} onRetry={again} />
    </>
  );
}
