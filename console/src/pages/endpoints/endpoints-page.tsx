import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';

export function EndpointsPage() {
  const { t } = useTranslation('endpoints');
  return <PageHeader title={t('title')} />;
}
