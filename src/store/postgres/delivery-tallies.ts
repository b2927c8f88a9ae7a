import type { DeliveryState } from '../../domain/delivery.js';
import { toDeliveryStateNumber } from '../rows/delivery-row.js';
import type { Transaction } from './database.js';

/** How many deliveries of an endpoint came into a state, and left it, in one transaction. */
export class TallyChanges {
  readonly #changes = new Map<string, { endpoint: number; state: number; difference: number }>();

  add(endpoint: number, state: DeliveryState, difference: number): void {
    const number = toDeliveryStateNumber(state);
    const key = `${endpoint} ${number}`;
    const change = this.#changes.get(key);
    if (change) change.difference += difference;
    else this.#changes.set(key, { endpoint, state: number, difference });
  }

  /** The last thing that a transaction writes. */
  async write(transaction: Transaction): Promise<void> {
    const changes = [...this.#changes.values()]
      .filter(({ difference }) => difference !== 0)
      .sort((a, b) => a.endpoint - b.endpoint || a.state - b.state);
    if (changes.length === 0) return;
    await transaction.run(
      `INSERT INTO delivery_tallies (endpoint, state, count)
       SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::bigint[])
       ON CONFLICT (endpoint, state) DO UPDATE SET count = delivery_tallies.count + excluded.count`,
      [
        changes.map(({ endpoint }) => endpoint),
        changes.map(({ state }) => state),
        changes.map(({ difference }) => difference),
      ],
    );
  }
}
