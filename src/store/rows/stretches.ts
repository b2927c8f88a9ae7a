/**
 * Which deliveries a message is in. A row for each message would be as many as the journal has, for every
 * endpoint; and from the first and last number of a delivery alone it cannot be told, because one message
 * that waited a week for its recording makes them lie far apart. So each delivery is noted once in every
 * stretch of the journal that it touches, with its first and last number, which rule out nearly all of the others:
 * an endpoint whose messages come slowly has a delivery for each.
 */
const stretchLength = 65_536;

export function toStretches(seqs: readonly number[]): Set<number> {
  const stretches = new Set<number>();
  for (const seq of seqs) stretches.add(stretchOf(seq));
  return stretches;
}

export function stretchOf(seq: number): number {
  return Math.floor(seq / stretchLength);
}
