import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { useEndpoints } from '../../endpoints/use-endpoints.ts';
import { useKeyBindings } from '../../keyboard/keyboard.tsx';
import { AnswerState } from '../../parts/answer-state.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Icon } from '../../parts/icon.tsx';
import { ButtonLink } from '../../parts/links.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useMay } from '../../session/use-session.ts';
import { EndpointTable } from './endpoint-table.tsx';

/** Everywhere that Earshot pushes to, and how each of them fares. */
export function EndpointsPage() {
  const { t } = useTranslation('endpoints');
  const endpoints = useEndpoints();
  const mayOperate = useMay('operate');
  const navigate = useNavigate();
  useKeyBindings(
    t('title'),
    mayOperate
      ? [{ keys: 'n', label: t('create'), run: () => void navigate({ to: addresses.newEndpoint }) }]
      : [],
  );
  const create = mayOperate && (
    <ButtonLink to={addresses.newEndpoint} leftSection={<Icon name="plus" size={14} />}>
      {t('create')}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')}>
        {create}
      </PageHeader>
      <AnswerState of={endpoints} />
      {endpoints.data?.length === 0 && (
        <EmptyState icon="endpoints" title={t('empty.title')}>
          {mayOperate ? t('empty.text') : t('empty.textForOthers')}
        </EmptyState>
      )}
      {endpoints.data !== undefined && endpoints.data.length > 0 && (
        <EndpointTable endpoints={endpoints.data} />
      )}
    </>
  );
}
