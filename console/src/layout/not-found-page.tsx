import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addresses } from '../addresses.ts';
import { PageHeader } from '../parts/page-header.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('notFound.title')} />
      <Text>
        {t('notFound.text')}{' '}
        <Anchor component={Link} to={addresses.overview} inherit underline="always">
          {t('navigation.overview')}
        </Anchor>
      </Text>
    </>
  );
}
