import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '../../../../src/contract/endpoints.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { PageWithoutAnswer } from '../../parts/page-without-answer.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useNotice } from '../../parts/use-notice.tsx';
import { queryKeys } from '../../query-keys.ts';
import { EndpointForm } from './form/endpoint-form.tsx';
import type { EndpointValues } from './form/endpoint-values.ts';
import { toChange } from './form/to-request.ts';
import { useEndpoint } from './one/use-endpoint.ts';

export function EditEndpointPage() {
  const { endpointId } = useParams({ from: '/shell/endpoints/$endpointId/edit' });
  const { t } = useTranslation('endpoints');
  const endpoint = useEndpoint(endpointId);
  if (!endpoint.data)
    return <PageWithoutAnswer title={t('editTitle', { name: endpointId })} answer={endpoint} />;
  // An answer that fails to come does not take the form away, with what was typed.
  return (
    <>
      <AnswerState of={endpoint} />
      <EditForm endpoint={endpoint.data} />
    </>
  );
}

function EditForm({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation('endpoints');
  const client = useClient();
  const queryClient = useQueryClient();
  const notice = useNotice();
  const navigate = useNavigate();
  const leave = () => navigate({ to: addresses.endpoint, params: { endpointId: endpoint.id } });
  const change = useMutation({
    mutationFn: (values: EndpointValues) => client.endpoints.change(endpoint.id, toChange(values, endpoint)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.endpoints });
      notice(() => t('saved'));
      await leave();
    },
  });
  return (
    <>
      <PageHeader title={t('editTitle', { name: endpoint.name })} description={t('editText')} />
      <EndpointForm
        endpoint={endpoint}
        isRunning={change.isPending}
        error={change.error}
        onSubmit={(values) => change.mutate(values)}
        onCancel={() => void leave()}
      />
    </>
  );
}
