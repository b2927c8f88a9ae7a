import { memberText, replaceMember } from '../../protocol/json-text.js';
import { messageTypes } from '../../protocol/message.js';
import { type Entry, type EntryType, eventTypes } from '../journal.js';
import { recordFilePlaceholder } from '../publishing.js';
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

/** Numbers that stand for entry types in the journal table. They are stored: append, never reorder. Events start at 10. */
const numbers = new Map<EntryType, number>([
  ...messageTypes.map((type, index): [EntryType, number] => [type, index + 1]),
  ...eventTypes.map((type, index): [EntryType, number] => [type, index + 10]),
]);
const types = new Map([...numbers].map(([type, number]) => [number, type]));

export const firstEventNumber = 10;

export function toTypeNumber(type: EntryType): number {
  const number = numbers.get(type);
  if (number === undefined) throw new Error(`entry type ${type} has no number`);
  return number;
}

export function fromTypeNumber(number: number): EntryType {
  const type = types.get(number);
  if (type === undefined) throw new Error(`no entry type has the number ${number}`);
  return type;
}

/** The text of a published message, its placeholder replaced. It is looked for where a `recordFile` is: anywhere else it is somebody's text. */
export function withReference(text: string, reference: string): string {
  if (memberText(text, 'recordFile') !== JSON.stringify(recordFilePlaceholder)) {
    throw new Error('the text of a published recording has no placeholder for its recordFile');
  }
  return replaceMember(text, 'recordFile', JSON.stringify(reference));
}
