import type { MessageType } from '../../protocol/message.js';
import type { QuarantineBody, QuarantineItem } from '../quarantine.js';
import type { Row } from './row.js';

const previewCharacters = 200;

/** Public ids of quarantine items are `q` and a number; anything else names nothing. */
export function toQuarantineNumber(id: string): number {
  return /^q[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0;
}

/** `head` is the beginning of the body: at least four bytes for each character of the preview. */
export function toQuarantineItem(row: Row): QuarantineItem {
  return {
    id: `q${row['id'] as number}`,
    receivedAt: row['received_at'] as number,
    source: row['source'] as string,
    reason: row['reason'] as string,
    bytes: row['bytes'] as number,
    preview: new TextDecoder().decode(row['head'] as Uint8Array).slice(0, previewCharacters),
  };
}

export function toQuarantineBody(row: Row): QuarantineBody {
  return {
    item: toQuarantineItem(row),
    body: row['body'] as Uint8Array,
    itemIndex: row['item_index'] as number,
    ...(row['path_type'] === null ? {} : { pathType: row['path_type'] as MessageType }),
  };
}
