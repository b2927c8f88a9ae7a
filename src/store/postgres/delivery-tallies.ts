import type { DeliveryState } from '../../domain/delivery.js';
import { toDeliveryStateNumber } from '../rows/delivery-row.js';
import type { Transaction } from './database.js';
import { insertSql, toArrays, type Columns } from './row-arrays.js';

/** How many deliveries of an endpoint came into a state, and left it, in one transaction. */
export class TallyChanges {
  readonly #changes = new Map<string, { endpoint: number; state: number; count: number }>();

  add(endpoint: number, state: DeliveryState, difference: number): void {
    const number = toDeliveryStateNumber(state);
    const key = `${endpoint} ${number}`;
    const change = this.#changes.get(key);
    if (change) change.count += difference;
    else this.#changes.set(key, { endpoint, state: number, count: difference });
  }

  /** The last thing that a transaction writes. */
  async write(transaction: Transaction): Promise<void> {
    const changes = [...this.#changes.values()]
      .filter(({ count }) => count !== 0)
      .sort((a, b) => a.endpoint - b.endpoint || a.state - b.state);
    if (changes.length === 0) return;
    await transaction.run(addTallies, toArrays(changes, columns));
  }
}

const columns = { endpoint: 'bigint', state: 'smallint', count: 'bigint' } as const satisfies Columns;

const addTallies = `
  ${insertSql('delivery_tallies', columns)}
  ON CONFLICT (endpoint, state) DO UPDATE SET count = delivery_tallies.count + excluded.count`;
