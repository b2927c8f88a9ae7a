import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';

export function QuarantineItemPage() {
  const { t } = useTranslation('quarantine');
  return <PageHeader title={t('title')} />;
}
