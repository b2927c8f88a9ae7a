import type { DeliveryCauses } from '../deliveries.js';
import { toDeliveryId } from './delivery-row.js';
import { toEndpointId } from './endpoint-row.js';
import type { Row } from './row.js';

/** Dead deliveries that are looked at. */
export const lookedAt = 10_000;

type Cause = { -readonly [K in keyof DeliveryCauses['items'][number]]: DeliveryCauses['items'][number][K] };

/** Of dead deliveries, newest first, of which one more is there than is looked at where there are older ones. */
export function toCauses(rows: readonly Row[]): DeliveryCauses {
  const causes = new Map<string, Cause>();
  for (const row of rows.slice(0, lookedAt)) {
    const endpointId = toEndpointId(row['endpoint'] as number);
    const reason = (row['reason'] as string | null) ?? '';
    const key = `${endpointId} ${reason}`;
    const known = causes.get(key);
    if (known) {
      known.deliveries++;
      known.messages += row['count'] as number;
      continue;
    }
    causes.set(key, {
      ...{ endpointId, reason, deliveries: 1, messages: row['count'] as number },
      newestAt: row['created_at'] as number,
      newestId: toDeliveryId(row['id'] as number),
    });
  }
  const items = [...causes.values()].sort((a, b) => b.deliveries - a.deliveries);
  return { items, isPartial: rows.length > lookedAt };
}
