import type { Acknowledgement, Acknowledgements } from '../reviews.js';
import {
  acknowledgedDelivery,
  fromDeliveryId,
  toDeliveryId,
  toDeliveryStateNumber,
} from '../rows/delivery-row.js';
import { fromRecordingId, toRecordingId, toStateNumber } from '../rows/recording-row.js';
import type { Row } from '../rows/row.js';
import { type OperationsOf, page, write } from './operations.js';
import { filled, placeholders } from './row-sql.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf, type Work } from './work.js';

type Kind = 'recording' | 'delivery';

const lost = toStateNumber('lost');
const dead = toDeliveryStateNumber('dead');

/**
 * An acknowledgement is of one loss: each download that is begun raises the recording's generation, so that one that is
 * lost once more counts once more.
 */
const standing = `FROM acknowledgements AS told JOIN recordings ON recordings.id = told.subject
  WHERE told.kind = 'recording' AND recordings.state = ${lost} AND recordings.generation = told.generation`;

export function createAcknowledgements({ claimed }: SqlDialect): OperationsOf<Acknowledgements> {
  return {
    acknowledgeRecording: write(function* (id, acknowledgement) {
      const recording = fromRecordingId(id);
      const row = yield* rowOf(`SELECT state, generation FROM recordings WHERE id = $1${claimed}`, recording);
      if (!row) return 'unknown';
      if (row['state'] !== lost) return 'other-state';
      yield* keep('recording', recording, row['generation'] as number, acknowledgement);
      return 'acknowledged';
    }),

    acknowledgeDelivery: write(function* (id, acknowledgement) {
      const delivery = fromDeliveryId(id);
      const row = yield* rowOf(
        `SELECT state, replayed_as FROM deliveries WHERE id = $1
           AND endpoint NOT IN (SELECT id FROM endpoints WHERE is_removed = 1)${claimed}`,
        delivery,
      );
      if (!row) return 'unknown';
      const answer = row['replayed_as'];
      if (row['state'] !== dead || (answer !== null && answer !== acknowledgedDelivery)) return 'other-state';
      yield* settleParts(delivery);
      yield* keep('delivery', delivery, 0, acknowledgement);
      return 'acknowledged';
    }),

    ofRecordings: page(function* (ids) {
      if (ids.length === 0) return [];
      const rows = yield* rowsOf(
        `SELECT told.* ${standing} AND told.subject IN (${placeholders(ids.length)})`,
        ...filled(ids.map(fromRecordingId)),
      );
      return rows.map((row) => ({ id: toRecordingId(row['subject'] as number), ...toAcknowledgement(row) }));
    }),

    ofDeliveries: page(function* (ids) {
      if (ids.length === 0) return [];
      const rows = yield* rowsOf(
        `SELECT * FROM acknowledgements WHERE kind = 'delivery' AND subject IN (${placeholders(ids.length)})`,
        ...filled(ids.map(fromDeliveryId)),
      );
      return rows.map((row) => ({ id: toDeliveryId(row['subject'] as number), ...toAcknowledgement(row) }));
    }),

    countRecordings: page(function* () {
      return (yield* rowOf(`SELECT count(*) AS count ${standing}`))?.['count'] as number;
    }),
  };
}

function* keep(
  kind: Kind,
  subject: number,
  generation: number,
  { reason, actorId, actorName, at }: Acknowledgement,
): Work<void> {
  yield* change(
    `INSERT INTO acknowledgements (kind, subject, generation, reason, actor_id, actor_name, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation,
       reason = excluded.reason, actor_id = excluded.actor_id, actor_name = excluded.actor_name, at = excluded.at`,
    ...[kind, subject, generation, reason, actorId, actorName, at],
  );
}

/** The delivery and, of a halved one, its dead parts: no replay of the dead ones sends them. */
function* settleParts(delivery: number): Work<void> {
  for (let parts = [delivery]; parts.length > 0;) {
    const halves: number[] = [];
    for (const part of parts) {
      yield* change(
        `UPDATE deliveries SET replayed_as = ${acknowledgedDelivery}
         WHERE id = $1 AND state = ${dead} AND replayed_as IS NULL`,
        part,
      );
      const rows = yield* rowsOf('SELECT id FROM deliveries WHERE half_of = $1', part);
      halves.push(...rows.map((row) => row['id'] as number));
    }
    parts = halves;
  }
}

function toAcknowledgement(row: Row): Acknowledgement {
  return {
    reason: row['reason'] as string,
    actorId: row['actor_id'] as string,
    actorName: row['actor_name'] as string,
    at: row['at'] as number,
  };
}
