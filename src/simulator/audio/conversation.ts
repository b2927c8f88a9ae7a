import type { Random } from '../../domain/clock.js';
import { drawOne, drawWhole } from '../seeded-random.js';
import type { PhraseBank } from './phrase-bank.js';
import { sampleRate } from './wav-header.js';

/**
 * Two parties taking turns for exactly `frames` samples: pieces of the bank, in order, not copied.
 * Deterministic by `random`.
 */
export function* holdConversation(bank: PhraseBank, frames: number, random: Random): Generator<Uint8Array> {
  const parties = [drawOne(random, bank.agents), drawOne(random, bank.customers)];
  let left = frames * bank.bytesPerFrame;
  for (const piece of turns(bank, parties, random)) {
    if (piece.length >= left) {
      yield piece.subarray(0, left);
      return;
    }
    left -= piece.length;
    yield piece;
  }
}

function* turns(
  bank: PhraseBank,
  parties: readonly (readonly Uint8Array[])[],
  random: Random,
): Generator<Uint8Array, never> {
  yield pause(bank, random, 0.1, 0.8);
  for (;;) {
    for (const phrases of parties) {
      const breaths = drawWhole(random, 1, 4);
      for (let breath = 0; breath < breaths; breath++) {
        yield drawOne(random, phrases);
        yield pause(bank, random, 0.08, 0.45);
      }
      yield pause(bank, random, 0.15, 1.4);
    }
  }
}

/** A stretch of the line with nobody talking, from anywhere in the bank's hush. */
function pause(bank: PhraseBank, random: Random, leastSeconds: number, mostSeconds: number): Uint8Array {
  const seconds = leastSeconds + (mostSeconds - leastSeconds) * random();
  const frames = Math.round(seconds * sampleRate);
  const offset = drawWhole(random, 0, bank.hush.length / bank.bytesPerFrame - frames);
  return bank.hush.subarray(offset * bank.bytesPerFrame, (offset + frames) * bank.bytesPerFrame);
}
