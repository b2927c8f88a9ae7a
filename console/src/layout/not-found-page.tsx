import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addresses } from '../addresses.ts';
import { EmptyState } from '../parts/empty-state.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <EmptyState icon="search" title={t('notFound.title')}>
      {t('notFound.text')}{' '}
      <Anchor component={Link} to={addresses.overview} inherit>
        {t('navigation.overview')}
      </Anchor>
    </EmptyState>
  );
}
