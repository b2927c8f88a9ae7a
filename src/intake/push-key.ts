import type { Clock } from '../domain/clock.js';

/** Random bytes are drawn for this many keys at once. */
const keysAtOnce = 256;
const keyBytes = 10;

/**
 * Makes keys of pushes: UUIDs of version 7 (RFC 9562), which begin with the time, so that an index of them grows at
 * its end and what is old lies together. 74 bits of chance: no process need know of any other.
 */
export function createPushKeys(clock: Clock, randomBytes: (size: number) => Buffer): () => string {
  let drawn: Buffer = Buffer.alloc(0);
  let offset = 0;
  return () => {
    if (offset >= drawn.length) {
      drawn = randomBytes(keysAtOnce * keyBytes);
      offset = 0;
    }
    const chance = drawn.toString('hex', offset, (offset += keyBytes));
    const time = Math.trunc(clock()).toString(16).padStart(12, '0');
    const variant = ((Number.parseInt(chance.charAt(3), 16) & 0x3) | 0x8).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-${variant}${chance.slice(4, 7)}-${chance.slice(7, 19)}`;
  };
}
