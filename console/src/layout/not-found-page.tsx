import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { addresses } from '../addresses.ts';
import { AnchorLink } from '../parts/links.tsx';
import { PageHeader } from '../parts/page-header.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('notFound.title')} />
      <Text>
        {t('notFound.text')}{' '}
        <AnchorLink to={addresses.overview} inherit underline="always">
          {t('navigation.overview')}
        </AnchorLink>
      </Text>
    </>
  );
}
