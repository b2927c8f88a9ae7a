import type { Random } from '../../domain/clock.js';
import { drawOne, drawWhole } from '../seeded-random.js';
import { sampleRate } from './wav-header.js';

/** First two formants of five vowels, in Hz: enough for the ear to take it for talk. */
const vowels: readonly (readonly [number, number])[] = [
  [730, 1090],
  [530, 1840],
  [270, 2290],
  [570, 840],
  [300, 870],
];

const loudness = 0.45 * 32_767;

/** One breath of talk in 16-bit range: 3 to 8 syllables, each a breath of noise and a vowel, the pitch falling. */
export function speakPhrase(random: Random, pitchHz: number): Float64Array {
  const syllables = drawWhole(random, 3, 8);
  const pieces: Float64Array[] = [];
  for (let syllable = 0; syllable < syllables; syllable++) {
    const pitch = pitchHz * (1.1 - (0.2 * syllable) / syllables + 0.06 * (random() - 0.5));
    pieces.push(consonant(random), vowel(random, pitch));
  }
  const phrase = new Float64Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    phrase.set(piece, at);
    at += piece.length;
  }
  return scaled(phrase);
}

/** The hiss of an open line: quiet, but never digital silence. */
export function lineNoise(random: Random, seconds: number): Float64Array {
  return Float64Array.from({ length: Math.round(seconds * sampleRate) }, () => (random() - 0.5) * 96);
}

function consonant(random: Random): Float64Array {
  const length = drawWhole(random, 160, 480);
  const strength = 0.08 + 0.12 * random();
  let before = 0;
  return Float64Array.from({ length }, (_, index) => {
    const noise = random() - 0.5;
    const hiss = noise - before;
    before = noise;
    return hiss * strength * swell(index, length);
  });
}

/** A glottal pulse train through two resonators, one for each formant. */
function vowel(random: Random, pitchHz: number): Float64Array {
  const length = drawWhole(random, 720, 1760);
  const [first, second] = drawOne(random, vowels);
  const resonators = [resonator(first * (0.95 + 0.1 * random()), 90), resonator(second, 140)];
  const period = sampleRate / pitchHz;
  let untilPulse = 0;
  return Float64Array.from({ length }, (_, index) => {
    untilPulse -= 1;
    const pulse = untilPulse <= 0 ? 1 : 0;
    if (pulse === 1) untilPulse += period;
    const voiced = resonators.reduce((sum, resonate) => sum + resonate(pulse), 0);
    return voiced * swell(index, length);
  });
}

function resonator(centreHz: number, widthHz: number): (sample: number) => number {
  const radius = Math.exp((-Math.PI * widthHz) / sampleRate);
  const first = 2 * radius * Math.cos((2 * Math.PI * centreHz) / sampleRate);
  const second = -radius * radius;
  let before = 0;
  let twoBefore = 0;
  return (sample) => {
    const now = sample * (1 - radius) + first * before + second * twoBefore;
    twoBefore = before;
    before = now;
    return now;
  };
}

/** The loudness of a syllable over its length: up fast, down slowly. */
function swell(index: number, length: number): number {
  return Math.sin(Math.PI * Math.sqrt(index / length));
}

function scaled(phrase: Float64Array): Float64Array {
  let peak = 0;
  for (const sample of phrase) peak = Math.max(peak, Math.abs(sample));
  return phrase.map((sample) => (sample / peak) * loudness);
}
