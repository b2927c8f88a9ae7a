import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';

export function RecordingsPage() {
  const { t } = useTranslation('recordings');
  return <PageHeader title={t('title')} />;
}
