import { useTranslation } from 'react-i18next';
import type { Source } from '../../../../../src/contract/sources.ts';
import { useClient } from '../../../client.ts';
import { queryKeys } from '../../../query-keys.ts';
import { RemoveButton } from '../remove-button.tsx';

export function RemoveSource({ source }: { readonly source: Source }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  return (
    <RemoveButton
      what={source.name}
      text={t('sources.removeText')}
      remove={() => client.sources.remove(source.id)}
      queryKey={queryKeys.sources}
    />
  );
}
