import type * as wire from '../contract/quarantine.js';
import type { QuarantineBody, QuarantineItem } from '../store/quarantine.js';
import { toInstant } from './instant.js';

export function toQuarantineItemJson(item: QuarantineItem): wire.QuarantineItem {
  return {
    id: item.id,
    receivedAt: toInstant(item.receivedAt),
    source: item.source,
    reason: item.reason,
    bytes: item.bytes,
    preview: item.preview,
  };
}

export function toQuarantineDetailJson({ item, body }: QuarantineBody): wire.QuarantineDetail {
  const base64 = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
  return { ...toQuarantineItemJson(item), body: base64 };
}
