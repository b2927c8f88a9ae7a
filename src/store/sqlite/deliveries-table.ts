import type { NewDelivery } from '../../domain/delivery.js';
import type { OpenDelivery } from '../deliveries.js';
import { toDeliveryId, toDeliveryStateNumber } from '../rows/delivery-row.js';
import { fromSeqRuns, toSeqRuns } from '../rows/seq-runs.js';
import type { Connection, Row } from './connection.js';
import { noteStretches } from './delivery-stretches.js';

const pending = toDeliveryStateNumber('pending');
const dead = toDeliveryStateNumber('dead');

/** What a new delivery comes from, where it was not cut from the journal. */
export interface Origin {
  readonly replayOf?: number;
  /** The delivery that it is half of, and how many messages of that come before it. */
  readonly half?: { readonly of: Row; readonly skipped: number };
}

/**
 * Rows of deliveries: how one is added, settled and halved. The caller holds the transaction.
 *
 * A half has the place of the delivery that was cut and, as its offset, what comes before it there: so
 * (place, place_offset) orders an endpoint's deliveries however often they are halved. The halved one has no
 * next attempt any more, is still pending, and is settled together with the last of its halves.
 */
export class DeliveriesTable {
  constructor(private readonly connection: Connection) {}

  /** To be sent at once; behind all others unless it is a half. */
  add(
    endpoint: number,
    { webhookId, seqs }: NewDelivery,
    now: number,
    { replayOf, half }: Origin = {},
  ): OpenDelivery {
    if (seqs.length === 0) throw new Error('a delivery has at least one message');
    const id = this.#nextId();
    const place = half ? (half.of['place'] as number) : id;
    const offset = half ? (half.of['place_offset'] as number) + half.skipped : 0;
    this.connection
      .prepare(
        `INSERT INTO deliveries (id, endpoint, state, place, place_offset, webhook_id, seqs, count, first_seq, last_seq,
           next_attempt_at, created_at, half_of, replay_of)
         VALUES (?, ?, ${pending}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        endpoint,
        place,
        offset,
        webhookId,
        toSeqRuns(seqs),
        seqs.length,
        Math.min(...seqs),
        Math.max(...seqs),
        now,
        now,
        half ? (half.of['id'] as number) : null,
        replayOf ?? null,
      );
    noteStretches(this.connection, endpoint, id, seqs);
    this.#count(endpoint, pending, 1);
    return { id: toDeliveryId(id), webhookId, place, offset, seqs, attempts: 0, nextAttemptAt: now };
  }

  /** Delivered or dead, and with it whatever it was the last open half of. */
  settle(row: Row, outcome: 'delivered' | 'dead', reason: string | null, now: number): void {
    this.connection
      .prepare(
        'UPDATE deliveries SET state = ?, next_attempt_at = NULL, reason = ?, delivered_at = ? WHERE id = ?',
      )
      .run(toDeliveryStateNumber(outcome), reason, outcome === 'delivered' ? now : null, row['id'] as number);
    const endpoint = row['endpoint'] as number;
    this.#count(endpoint, pending, -1);
    this.#count(endpoint, toDeliveryStateNumber(outcome), 1);
    if (row['half_of'] !== null) this.#settleHalved(row['half_of'] as number, now);
  }

  halve(row: Row, halves: readonly [NewDelivery, NewDelivery], now: number): void {
    const [first, second] = halves;
    // What a receiver gets must be what was cut: a message that a mistake left out here would be gone.
    if (toSeqRuns([...first.seqs, ...second.seqs]) !== toSeqRuns(fromSeqRuns(row['seqs'] as string))) {
      throw new Error('the halves of a delivery are not its messages');
    }
    this.connection
      .prepare(`UPDATE deliveries SET next_attempt_at = NULL, reason = 'halved' WHERE id = ?`)
      .run(row['id'] as number);
    const endpoint = row['endpoint'] as number;
    this.add(endpoint, first, now, { half: { of: row, skipped: 0 } });
    this.add(endpoint, second, now, { half: { of: row, skipped: first.seqs.length } });
  }

  /** Notes that `id` was replayed; of a halved one, its dead parts are replayed with it. */
  markReplayed(id: number, as: number): void {
    this.connection
      .prepare(
        `WITH RECURSIVE parts (id) AS (
           VALUES (?1) UNION ALL SELECT deliveries.id FROM parts CROSS JOIN deliveries ON half_of = parts.id
         )
         UPDATE deliveries SET replayed_as = ?2 WHERE id IN parts AND (id = ?1 OR state = ${dead})`,
      )
      .run(id, as);
  }

  #settleHalved(id: number, now: number): void {
    const halves = this.connection
      .prepare(
        `SELECT min(state) = ${pending} AS is_open, max(state) = ${dead} AS is_dead FROM deliveries WHERE half_of = ?`,
      )
      .get(id);
    if (halves?.['is_open'] === 1) return;
    const row = this.connection.prepare('SELECT * FROM deliveries WHERE id = ?').get(id);
    if (row) this.settle(row, halves?.['is_dead'] === 1 ? 'dead' : 'delivered', 'halved', now);
  }

  #count(endpoint: number, state: number, difference: number): void {
    this.connection
      .prepare(
        `INSERT INTO delivery_tallies VALUES (?, ?, ?)
         ON CONFLICT (endpoint, state) DO UPDATE SET count = count + excluded.count`,
      )
      .run(endpoint, state, difference);
  }

  #nextId(): number {
    const row = this.connection.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'`).get();
    return ((row?.['seq'] as number | undefined) ?? 0) + 1;
  }
}
