import { useTranslation } from 'react-i18next';
import type { Delivery } from '../../../../../src/contract/deliveries.ts';
import { addresses } from '../../../addresses.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { FactList } from '../../../parts/fact-list.tsx';
import { Identifier } from '../../../parts/identifier.tsx';
import { Instant } from '../../../parts/instant.tsx';
import { AnchorLink } from '../../../parts/links.tsx';

/** What is known of a delivery, and how it is related to others. */
export function DeliveryFacts({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation('deliveries');
  const format = useFormat();
  const { nextAttemptAt, deliveredAt, firstSeq, lastSeq } = delivery;
  const other = (id: string | undefined) =>
    id !== undefined && (
      <AnchorLink to={addresses.delivery} params={{ deliveryId: id }} fz="sm">
        {id}
      </AnchorLink>
    );
  return (
    <FactList
      facts={[
        { name: t('column.messages'), value: format.number(delivery.count) },
        { name: t('column.attempts'), value: format.number(delivery.attempts) },
        { name: t('column.createdAt'), value: <Instant at={delivery.createdAt} /> },
        { name: t('column.next'), value: nextAttemptAt && <Instant at={nextAttemptAt} isRelative /> },
        { name: t('fact.deliveredAt'), value: deliveredAt && <Instant at={deliveredAt} /> },
        {
          name: t('fact.seqs'),
          value:
            firstSeq === lastSeq
              ? format.number(firstSeq)
              : `${format.number(firstSeq)} – ${format.number(lastSeq)}`,
        },
        { name: 'webhook-id', value: <Identifier id={delivery.webhookId} what="webhook-id" /> },
        { name: t('fact.halfOf'), value: other(delivery.halfOf) },
        { name: t('fact.replayOf'), value: other(delivery.replayOf) },
        { name: t('fact.replayedAs'), value: other(delivery.replayedAs) },
      ]}
    />
  );
}
