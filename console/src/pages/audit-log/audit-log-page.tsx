import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';

export function AuditLogPage() {
  const { t } = useTranslation('audit-log');
  return <PageHeader title={t('title')} />;
}
