import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { queryKeys } from '../../query-keys.ts';
import { EndpointForm } from './form/endpoint-form.tsx';
import type { EndpointValues } from './form/endpoint-values.ts';
import { toCreation } from './form/to-request.ts';

export function NewEndpointPage() {
  const { t } = useTranslation('endpoints');
  const client = useClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (values: EndpointValues) => client.endpoints.create(toCreation(values)),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.endpoints });
      await navigate({ to: addresses.endpoint, params: { endpointId: id }, search: { show: 'secret' } });
    },
  });
  return (
    <>
      <PageHeader title={t('newTitle')} description={t('newText')} />
      <EndpointForm
        isRunning={create.isPending}
        error={create.error}
        onSubmit={(values) => create.mutate(values)}
        onCancel={() => void navigate({ to: addresses.endpoints })}
      />
    </>
  );
}
