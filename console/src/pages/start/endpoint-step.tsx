import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { ButtonLink } from '../../parts/links.tsx';
import { queryKeys } from '../../query-keys.ts';
import { Step } from './step.tsx';

/** Where messages and recordings are pushed on to. */
export function EndpointStep() {
  const { t } = useTranslation('start');
  const client = useClient();
  const endpoints = useQuery({
    queryKey: [...queryKeys.endpoints, 'any'],
    queryFn: () => client.endpoints.list({ limit: 1 }),
  });
  const isDone = (endpoints.data?.items.length ?? 0) > 0;
  return (
    <Step title={t('endpoint.title')} text={t('endpoint.text')} isDone={isDone}>
      <ButtonLink to={isDone ? addresses.endpoints : addresses.newEndpoint} variant="default">
        {isDone ? t('endpoint.look') : t('endpoint.act')}
      </ButtonLink>
    </Step>
  );
}
