import type { MessageType } from '../../protocol/message.js';
import type {
  QuarantineBody,
  QuarantineFilter,
  QuarantineItem,
  QuarantineKind,
  QuarantineReader,
  QuarantineWriter,
} from '../quarantine.js';
import { countQuarantineSql } from '../rows/recording-counts.js';
import type { Row } from '../rows/row.js';
import { type OperationsOf, read, write } from './operations.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf, type Work } from './work.js';

const previewCharacters = 200;
/** `head` is the beginning of the body: at least four bytes for each character of the preview. */
const itemColumns = `id, received_at, source, reason, bytes, substr(body, 1, ${4 * previewCharacters}) AS head`;

export const quarantine: OperationsOf<QuarantineReader> = {
  list: read(function* ({ limit, after, ...filter }) {
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : toNumber(after);
    const { sql, values } = toCondition(filter);
    const [first, second] = [values.length + 1, values.length + 2];
    const rows = yield* rowsOf(
      `SELECT ${itemColumns} FROM quarantine WHERE ${sql} AND id < $${first} ORDER BY id DESC LIMIT $${second}`,
      ...[...values, before, limit + 1],
    );
    const items = rows.slice(0, limit).map(toItem);
    const last = items.at(-1);
    return rows.length > limit && last ? { items, next: last.id } : { items };
  }),

  get: read(function* (id) {
    const row = yield* rowOf(
      `SELECT ${itemColumns}, item_index, path_type, body FROM quarantine WHERE id = $1 AND body IS NOT NULL`,
      toNumber(id),
    );
    return row && toBody(row);
  }),

  kinds: read(function* (filter) {
    const { sql, values } = toCondition(filter);
    const rows = yield* rowsOf(
      `SELECT source, reason, count(*) AS count, sum(bytes) AS bytes FROM quarantine WHERE ${sql}
       GROUP BY source, reason ORDER BY count(*) DESC, source, reason`,
      ...values,
    );
    return rows.map(toKind);
  }),

  count: read(function* () {
    return (yield* rowOf(countQuarantineSql))?.['count'] as number;
  }),
};

/** The body of an item that is discarded or resolved goes, and the row stays: reading the push again does not bring it back. */
export function createQuarantineWriter({ appendMessages }: SqlDialect): OperationsOf<QuarantineWriter> {
  return {
    resolve: write(
      function* (id, messages) {
        if (!(yield* discard(id))) return undefined;
        return { ...(yield* appendMessages(messages)), quarantined: 0 };
      },
      { dated: (_id, messages) => [{ table: 'journal', at: messages.map(({ receivedAt }) => receivedAt) }] },
    ),

    discard: write(discard),

    discardChosen: write(function* (filter, limit) {
      const { sql, values } = toCondition(filter);
      const rows = yield* rowsOf(
        `UPDATE quarantine SET body = NULL
         WHERE id IN (SELECT id FROM quarantine WHERE ${sql} ORDER BY id LIMIT $${values.length + 1}) AND body IS NOT NULL
         RETURNING bytes`,
        ...[...values, limit],
      );
      return { count: rows.length, bytes: rows.reduce((sum, row) => sum + Number(row['bytes']), 0) };
    }),

    forget: write(function* (receivedBefore, limit) {
      return yield* change(
        `DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine
         WHERE body IS NULL AND received_at < $1 ORDER BY received_at LIMIT $2)`,
        ...[receivedBefore, limit],
      );
    }),
  };
}

function* discard(id: string): Work<boolean> {
  return (
    (yield* change('UPDATE quarantine SET body = NULL WHERE id = $1 AND body IS NOT NULL', toNumber(id))) ===
    1
  );
}

/** The items that are there and that the filter chooses. */
function toCondition({ reason, source, from, to }: QuarantineFilter): {
  sql: string;
  values: (string | number)[];
} {
  const conditions = ['body IS NOT NULL'];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value !== undefined) conditions.push(`${condition} $${values.push(value)}`);
  };
  add('reason =', reason);
  add('source =', source);
  add('received_at >=', from);
  add('received_at <', to);
  return { sql: conditions.join(' AND '), values };
}

/** Public ids of quarantine items are `q` and a number; anything else names nothing. */
function toNumber(id: string): number {
  return /^q[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0;
}

function toItem(row: Row): QuarantineItem {
  return {
    id: `q${row['id'] as number}`,
    receivedAt: row['received_at'] as number,
    source: row['source'] as string,
    reason: row['reason'] as string,
    bytes: row['bytes'] as number,
    preview: new TextDecoder().decode(row['head'] as Uint8Array).slice(0, previewCharacters),
  };
}

function toBody(row: Row): QuarantineBody {
  return {
    item: toItem(row),
    body: row['body'] as Uint8Array,
    itemIndex: row['item_index'] as number,
    ...(row['path_type'] === null ? {} : { pathType: row['path_type'] as MessageType }),
  };
}

function toKind(row: Row): QuarantineKind {
  return {
    source: row['source'] as string,
    reason: row['reason'] as string,
    count: Number(row['count']),
    bytes: Number(row['bytes']),
  };
}
