import { useTranslation } from 'react-i18next';
import type { Status } from '../../../../src/contract/status.ts';

const known = ['sorter', 'projector', 'analyser'] as const;
const endpointPrefix = 'endpoint:';

/** What a consumer of the status does, in words. */
export function useConsumerName({ endpoints }: Status): (name: string) => string {
  const { t } = useTranslation('overview');
  return (name) => {
    const found = known.find((each) => each === name);
    if (found) return t(`consumers.${found}`);
    const endpoint = endpoints.find(({ id }) => `${endpointPrefix}${id}` === name);
    return endpoint ? t('consumers.endpoint', { name: endpoint.name }) : name;
  };
}
