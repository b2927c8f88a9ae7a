import { Alert, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuarantineDetail } from '../../../../src/contract/quarantine.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { PageWithoutAnswer } from '../../parts/page-without-answer.tsx';
import { ByteCount } from '../../parts/byte-count.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Instant } from '../../parts/instant.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { queryKeys } from '../../query-keys.ts';
import { ReasonNote } from '../../reasons/reason-note.tsx';
import { useReasons } from '../../reasons/use-reasons.ts';
import { fromBase64 } from './body/body-text.ts';
import { BodyFault } from './item/body-fault.tsx';
import { BodyView } from './item/body-view.tsx';
import { CorrectionEditor } from './item/correction-editor.tsx';
import { DiscardButton } from './item/discard-button.tsx';
import { RetryResult, type Retried } from './item/retry-result.tsx';

/** One thing that could not be read: its bytes, why, and the way to make messages of it. */
export function QuarantineItemPage() {
  const { t } = useTranslation('quarantine');
  const { itemId } = useParams({ from: '/shell/quarantine/$itemId' });
  const client = useClient();
  const [retried, setRetried] = useState<Retried>();
  const item = useQuery({
    queryKey: [...queryKeys.quarantine, itemId],
    queryFn: () => client.quarantine.get(itemId),
    // What was received never changes; once it is gone there is nothing to ask for.
    staleTime: Infinity,
    enabled: retried === undefined,
  });
  if (retried) return <RetryResult retried={retried} />;
  if (!item.data) return <PageWithoutAnswer title={t('item', { id: itemId })} answer={item} />;
  return <ShownItem key={itemId} item={item.data} onRetried={setRetried} />;
}

interface ShownItemProps {
  readonly item: QuarantineDetail;
  readonly onRetried: (retried: Retried) => void;
}

function ShownItem({ item, onRetried }: ShownItemProps) {
  const { t } = useTranslation('quarantine');
  const { name } = useReasons()('quarantine', item.reason);
  const bytes = useMemo(() => fromBase64(item.body), [item.body]);
  return (
    <>
      <PageHeader
        title={t('one', { reason: name })}
        description={
          <AnchorLink to={addresses.quarantine} inherit>
            {t('back')}
          </AnchorLink>
        }
      >
        <DiscardButton item={item} />
      </PageHeader>
      <Stack gap="lg">
        <FactList
          facts={[
            { name: t('column.receivedAt'), value: <Instant at={item.receivedAt} /> },
            { name: t('column.source'), value: item.source },
            { name: t('column.bytes'), value: <ByteCount bytes={item.bytes} /> },
            {
              name: t('itemId'),
              value: (
                <Group gap={0}>
                  <Identifier id={item.id} what={t('itemId')} />
                </Group>
              ),
            },
          ]}
        />
        <Alert role="note" variant="default" icon={<Icon name="warning" />} title={t('why')}>
          <Stack gap="xs">
            <ReasonNote kind="quarantine" word={item.reason} />
            <BodyFault bytes={bytes} reason={item.reason} />
          </Stack>
        </Alert>
        <CorrectionEditor item={item} bytes={bytes} onRetried={onRetried} />
        <BodyView bytes={bytes} />
      </Stack>
    </>
  );
}
