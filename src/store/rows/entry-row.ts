import type { Entry } from '../journal.js';
import { fromTypeNumber } from './entry-types.js';
import type { Row } from './row.js';

/** What `toEntry` needs, of a table `journal`. */
export const entryColumns = 'seq, type, call_id, received_at, source, text';

export function toEntry(row: Row): Entry {
  return {
    seq: row['seq'] as number,
    type: fromTypeNumber(row['type'] as number),
    callId: row['call_id'] as string,
    receivedAt: row['received_at'] as number,
    source: row['source'] as string,
    text: row['text'] as string,
  };
}
