/**
 * Speech is looked for in frames of this length: shorter ones see the single pulses of a low voice, longer ones blur
 * where a word begins. Speech coders use the same.
 */
const frameSeconds = 0.02;
/** Quieter than this is silence, whatever it is: A-law's smallest steps lie at −72 dB. */
export const silenceDb = -70;
/** Levels are kept as bytes, one a frame: an hour takes 180 KB where its samples take 115 MB. */
export const stepsPerDb = 2;

/** How loud one channel is over its length: a level for each frame, in steps above silence. */
export class Loudness {
  readonly #frameLength: number;
  #levels = new Uint8Array(4_096);
  #count = 0;
  #sum = 0;
  #squares = 0;
  #left: number;

  constructor(private readonly sampleRate: number) {
    this.#frameLength = Math.max(1, Math.round(sampleRate * frameSeconds));
    this.#left = this.#frameLength;
  }

  /** What a level stands for; not quite what frames are meant to last, where the rate does not divide. */
  get secondsPerLevel(): number {
    return this.#frameLength / this.sampleRate;
  }

  add(samples: Float32Array): void {
    for (let at = 0; at < samples.length;) {
      const end = Math.min(samples.length, at + this.#left);
      this.#left -= end - at;
      let sum = this.#sum;
      let squares = this.#squares;
      for (; at < end; at++) {
        const sample = samples[at]!;
        sum += sample;
        squares += sample * sample;
      }
      this.#sum = sum;
      this.#squares = squares;
      if (this.#left === 0) this.#close();
    }
  }

  /** Of whole frames; what is left at the end is less than one. */
  levels(): Uint8Array {
    return this.#levels.subarray(0, this.#count);
  }

  #close(): void {
    if (this.#count === this.#levels.length) {
      const grown = new Uint8Array(2 * this.#count);
      grown.set(this.#levels);
      this.#levels = grown;
    }
    // About the mean: old lines and cheap recorders add a constant, which is no sound.
    const mean = this.#sum / this.#frameLength;
    const power = this.#squares / this.#frameLength - mean * mean;
    this.#levels[this.#count++] = toLevel(power);
    this.#sum = 0;
    this.#squares = 0;
    this.#left = this.#frameLength;
  }
}

/** What is no number, which a damaged float may be, is silence. */
function toLevel(power: number): number {
  const db = power > 0 ? Math.min(0, 10 * Math.log10(power)) : silenceDb;
  return Math.round(Math.max(0, db - silenceDb) * stepsPerDb);
}
