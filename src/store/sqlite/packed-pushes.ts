import type { ReceivedPush } from '../inbox.js';

/**
 * Pushes as they cross to the inbox's thread: all bodies in one block that is moved, not copied. (A body
 * by itself is often a view into a buffer shared with others, and cloning a view clones the whole buffer.)
 */
export interface PackedPushes {
  readonly heads: readonly (Omit<ReceivedPush, 'body'> & { readonly bytes: number })[];
  readonly bodies: Uint8Array<ArrayBuffer>;
}

export function packPushes(pushes: readonly ReceivedPush[]): PackedPushes {
  let total = 0;
  for (const push of pushes) total += push.body.byteLength;
  const bodies = new Uint8Array(total);
  let offset = 0;
  const heads = pushes.map(({ body, ...head }) => {
    bodies.set(body, offset);
    offset += body.byteLength;
    return { ...head, bytes: body.byteLength };
  });
  return { heads, bodies };
}
