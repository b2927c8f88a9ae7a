import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';

export function CallsPage() {
  const { t } = useTranslation('calls');
  return <PageHeader title={t('title')} />;
}
