/** Ids of chunks that recorders and editors put behind the samples, or in their place, whatever size they claim. */
const knownIds = new Set([
  ...['LIST', 'list', 'fact', 'data', 'fmt ', 'JUNK', 'junk', 'PAD ', 'FLLR', 'bext', 'cue ', 'plst', 'smpl'],
  ...['inst', 'PEAK', 'peak', 'iXML', 'axml', 'cart', 'DISP', 'ID3 ', 'id3 ', '_PMX', 'LGWV', 'afsp', 'umid'],
]);

/** Zeros behind the samples that fill a file up to a sector, or a recorder's buffer: no silence of the call. */
export const maxPaddingBytes = 64 * 1024;

/** Whether a chunk of RIFF begins here: an id that is known, or one that is readable and whose size fits. */
export function isChunkHead(head: Uint8Array, rest: number, isLittle = true): boolean {
  if (head.length < 8) return false;
  const id = String.fromCharCode(...head.subarray(0, 4));
  if (knownIds.has(id) || id.startsWith('TAG') || id.startsWith('ID3')) return true;
  const size = new DataView(head.buffer, head.byteOffset, 8).getUint32(4, isLittle);
  return /^[A-Za-z0-9_]{3}[A-Za-z0-9_ ]$/.test(id) && size <= rest - 7;
}

/**
 * Whether what follows the samples that a header declares is sound all the same: the header was written at the start
 * of a recording and never brought up to date. A chunk is none, nor are a few zeros, nor less than a block.
 * `tail` is the beginning of what follows, up to `maxPaddingBytes`, and `rest` how much follows in all.
 */
export function isSoundBehind(tail: Uint8Array, rest: number, blockBytes: number, isLittle = true): boolean {
  if (rest < Math.max(blockBytes, 8)) return false;
  if (isChunkHead(tail, rest, isLittle)) return false;
  // An odd size is followed by a byte that belongs to nothing.
  if (isChunkHead(tail.subarray(1), rest - 1, isLittle)) return false;
  return rest > maxPaddingBytes || tail.some((byte) => byte !== 0);
}
