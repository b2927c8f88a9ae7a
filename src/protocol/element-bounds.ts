import { endOfString } from './json-text.js';

/** Bytes of an id. Longer ones are no ids: they would be looked up, indexed and shown, a page of them at a time. */
export const maxIdBytes = 4_096;

/** Elements of one push: as many real ones as fit into 64 MiB. */
export const maxElements = 250_000;

/** Bounds of one element. The largest real ones have some hundred values, three deep; conversations are one long string. */
const maxElementLength = 16 * 1024 * 1024;
export const maxDepth = 200;
const maxValues = 50_000;

/**
 * Whether an element would cost more than its length says: to parse, to sort its keys, to show. One look that needs no
 * memory; strings are passed over. Of text that is no JSON it may say either.
 */
export function isBeyondBounds(json: string): boolean {
  // Two characters for each level, and one for a value and what parts it from the next.
  if (json.length <= 2 * maxDepth) return false;
  if (json.length > maxElementLength) return true;
  let depth = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === 0x22) at = endOfString(json, at);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if ((code === 0x2c || code === 0x3a) && ++values > maxValues) return true;
  }
  return false;
}
