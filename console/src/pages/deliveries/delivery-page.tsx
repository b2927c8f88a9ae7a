import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';

export function DeliveryPage() {
  const { t } = useTranslation('deliveries');
  return <PageHeader title={t('title')} />;
}
