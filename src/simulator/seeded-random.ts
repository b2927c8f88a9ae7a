import type { Random } from '../domain/clock.js';

/**
 * A stream of chance that depends on its keys and on nothing else, so that call 4711 of seed 7 is the same call
 * whatever was drawn before it. (xmur3 spreads the keys, sfc32 draws.)
 */
export function seededRandom(...keys: readonly (number | string)[]): Random {
  const nextKey = spread(keys.join('\u0000'));
  let a = nextKey();
  let b = nextKey();
  let c = nextKey();
  let d = nextKey();
  return () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
}

function spread(text: string): () => number {
  let hash = 1_779_033_703 ^ text.length;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    hash ^= hash >>> 16;
    return hash | 0;
  };
}

/** A whole number from `low` to `high`, both included. */
export function drawWhole(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** One of `choices`, which must not be empty. */
export function drawOne<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new RangeError('nothing to draw from');
  return choice;
}

/** `count` decimal digits, the first of them not 0. */
export function drawDigits(random: Random, count: number): string {
  let digits = String(drawWhole(random, 1, 9));
  while (digits.length < count) digits += String(drawWhole(random, 0, 9));
  return digits;
}

/** Normally distributed, mean 0, deviation 1 (Box–Muller). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((left, right) => left.order - right.order)
    .map(({ item }) => item);
}
