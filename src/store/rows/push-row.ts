import type { MessageType } from '../../protocol/message.js';
import type { StoredPush } from '../inbox.js';
import type { Row } from './row.js';

export function toStoredPush(row: Row): StoredPush {
  return {
    id: row['id'] as number,
    receivedAt: row['received_at'] as number,
    source: row['source'] as string,
    remoteAddress: row['remote_address'] as string,
    body: row['body'] as Uint8Array,
    ...(row['path_type'] === null ? {} : { pathType: row['path_type'] as MessageType }),
    ...(row['content_encoding'] === null ? {} : { contentEncoding: row['content_encoding'] as string }),
    ...(row['charset'] === null ? {} : { charset: row['charset'] as string }),
  };
}
