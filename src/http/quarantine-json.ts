import type * as wire from '../contract/quarantine.js';
import type { QuarantineBody, QuarantineItem } from '../store/quarantine.js';
import { hideLinksInBytes } from '../protocol/link-display.js';
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

/** Whoever may not see links is shown no byte of what nobody can read. */
export function toQuarantineDetailJson(
  { item, body }: QuarantineBody,
  showsLinks: boolean,
): wire.QuarantineDetail {
  const shown = showsLinks ? body : (hideLinksInBytes(body) ?? new Uint8Array());
  const base64 = Buffer.from(shown.buffer, shown.byteOffset, shown.byteLength).toString('base64');
  return { ...toQuarantineItemJson(item), body: base64 };
}
