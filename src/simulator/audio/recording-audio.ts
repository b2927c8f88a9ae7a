import type { SimulatedCall } from '../call.js';
import { seededRandom, drawOne, drawWhole } from '../seeded-random.js';
import { createPhraseBanks, type PhraseBank } from './phrase-bank.js';
import { bytesPerFrame, sampleRate, wavHeader } from './wav-header.js';
import type { Random } from '../../domain/clock.js';

/** The recording of one call as a WAV file that is nowhere: its bytes are made when they are read. */
export interface RecordingAudio {
  readonly bytes: number;
  /** The bytes from `start` to `end` (exclusive), in chunks of up to 64 KiB that are the reader's to keep. */
  read(start?: number, end?: number): Generator<Uint8Array>;
}

export type AudioOfCall = (call: SimulatedCall) => RecordingAudio;

const chunkBytes = 65_536;

/** Audio by (seed, call): the same bytes however often and from wherever they are read. */
export function createAudio(seed: number): AudioOfCall {
  const banks = createPhraseBanks();
  return (call) => {
    const frames = call.durationSeconds * sampleRate;
    const header = wavHeader(call, frames);
    const bytes = header.length + frames * bytesPerFrame(call);
    function* pieces(): Generator<Uint8Array> {
      yield header;
      yield* holdConversation(banks(call), frames, seededRandom(seed, 'audio', call.index));
    }
    return { bytes, read: (start = 0, end = bytes) => inChunks(section(pieces(), start, end), end - start) };
  };
}

/** What lies between `start` and `end`; what lies before is skipped without being copied. */
function* section(pieces: Iterable<Uint8Array>, start: number, end: number): Generator<Uint8Array> {
  let at = 0;
  for (const piece of pieces) {
    if (at >= end) return;
    const from = Math.max(start - at, 0);
    if (from < piece.length) yield piece.subarray(from, Math.min(end - at, piece.length));
    at += piece.length;
  }
}

/** Few large chunks instead of many small ones: a write to a socket costs more than the copy. */
function* inChunks(pieces: Iterable<Uint8Array>, totalBytes: number): Generator<Uint8Array> {
  let left = totalBytes;
  let chunk = Buffer.allocUnsafe(Math.min(chunkBytes, left));
  let filled = 0;
  for (let piece of pieces) {
    while (piece.length > 0) {
      const taken = Math.min(piece.length, chunk.length - filled);
      chunk.set(piece.subarray(0, taken), filled);
      filled += taken;
      piece = piece.subarray(taken);
      if (filled < chunk.length) continue;
      yield chunk;
      left -= filled;
      chunk = Buffer.allocUnsafe(Math.min(chunkBytes, left));
      filled = 0;
    }
  }
}

/**
 * Two parties taking turns for exactly `frames` samples: pieces of the bank, in order, not copied.
 * Deterministic by `random`.
 */
function* holdConversation(bank: PhraseBank, frames: number, random: Random): Generator<Uint8Array> {
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
