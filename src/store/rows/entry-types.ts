import { messageTypes } from '../../protocol/message.js';
import { eventTypes, type EntryType } from '../journal.js';

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
