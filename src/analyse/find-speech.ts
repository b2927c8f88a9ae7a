/**
 * Speech is looked for in frames of this length: shorter ones see the single pulses of a low voice, longer ones blur
 * where a word begins. Speech coders use the same.
 */
const frameSeconds = 0.02;
/** Quieter than this is silence, whatever it is: A-law's smallest steps lie at −72 dB. */
const silenceDb = -70;
/** Levels are kept as bytes, one a frame: an hour takes 180 KB where its samples take 115 MB. */
const stepsPerDb = 2;

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

/**
 * Speech is what stands out from the noise of the line. The constants lean one way: to play some noise is a small
 * annoyance to whoever skips silence, to skip a word is a mistake.
 */

/** Above the noise by this. Frames of plain noise vary by 2 dB, and the floor lies at its lowest; soft consonants begin at 12. */
const aboveFloorDb = 10;
/** Louder than this is never taken for noise: whoever listens would miss it, be it a voice, a signal or music. */
const alwaysHeardDb = -35;
/** Quiet shorter than this is no look at the noise: a lost packet leaves 20 to 60 ms of zeros in the midst of it. */
const lookSeconds = 0.1;
/**
 * From each look at the noise the floor may rise by this, before and after. Talk without any pause lasts 5 s at most, so
 * that the floor stays 30 dB below a voice of common loudness; noise that begins anew is known for noise after some seconds.
 */
const riseDbPerSecond = 3;
/** Of talk that is shorter it is a click: syllables take 100 ms and more. */
const leastSeconds = 0.06;
/** Words begin with sounds that are too soft to be seen, … */
const beforeSeconds = 0.1;
/** … and fade: ITU-T P.56 takes 200 ms after the last loud moment for speech, too. */
const afterSeconds = 0.2;
/** What is left between two of them and is shorter is no pause (ITU-T P.59), and not worth a skip. */
const pauseSeconds = 0.2;
/** Enough for eight hours of talk. Where there are more, pauses are bridged that grow until there are not. */
const maxSegments = 4_096;

/** Where somebody speaks: begin and end in seconds, ascending, apart. `levels` are those of equal frames. */
export function findSpeech(levels: Uint8Array, secondsPerLevel: number): [from: number, to: number][] {
  const threshold = toThreshold(levels, secondsPerLevel);
  const loud: number[] = [];
  levels.forEach((level, frame) => {
    if (level > threshold[frame]!) loud.push(frame);
  });
  const framesOf = (seconds: number): number => Math.round(seconds / secondsPerLevel);
  for (let bridge = Math.max(1, framesOf(beforeSeconds + afterSeconds + pauseSeconds)); ; bridge *= 2) {
    const found = join(loud, bridge).filter(({ count }) => count >= framesOf(leastSeconds));
    if (found.length > maxSegments) continue;
    const end = levels.length * secondsPerLevel;
    return found.map(({ first, last }) => [
      toMs(Math.max(0, first * secondsPerLevel - beforeSeconds)),
      toMs(Math.min(end, (last + 1) * secondsPerLevel + afterSeconds)),
    ]);
  }
}

interface Run {
  readonly first: number;
  last: number;
  /** Loud ones among them. */
  count: number;
}

/** Loud frames that lie no further apart than `bridge` are one run. */
function join(loud: readonly number[], bridge: number): Run[] {
  const runs: Run[] = [];
  for (const frame of loud) {
    const run = runs.at(-1);
    if (run && frame - run.last - 1 <= bridge) {
      run.last = frame;
      run.count++;
    } else runs.push({ first: frame, last: frame, count: 1 });
  }
  return runs;
}

/** What each frame must be louder than: above the floor, within bounds, in steps above silence. */
function toThreshold(levels: Uint8Array, secondsPerLevel: number): Float32Array {
  const lookFrames = Math.max(1, Math.round(lookSeconds / secondsPerLevel));
  const rise = riseDbPerSecond * secondsPerLevel * stepsPerDb;
  const highest = (alwaysHeardDb - silenceDb) * stepsPerDb;
  return noiseFloor(highestNearby(levels, lookFrames), rise).map((floor) =>
    Math.min(highest, floor + aboveFloorDb * stepsPerDb),
  );
}

/** Of each frame the loudest of `width` frames about it. */
function highestNearby(levels: Uint8Array, width: number): Float32Array {
  const half = Math.floor(width / 2);
  return Float32Array.from(levels, (_, frame) => {
    let highest = 0;
    const end = Math.min(levels.length, frame + half + 1);
    for (let near = Math.max(0, frame - half); near < end; near++) highest = Math.max(highest, levels[near]!);
    return highest;
  });
}

/**
 * The highest line below the levels that rises and falls by `rise` a frame at most. It is drawn from both ends, so
 * that it needs no time to settle: a recording that begins in the middle of a word is judged by the pause behind it.
 */
function noiseFloor(levels: Float32Array, rise: number): Float32Array {
  const floor = levels;
  for (let i = 1; i < floor.length; i++) floor[i] = Math.min(floor[i]!, floor[i - 1]! + rise);
  for (let i = floor.length - 2; i >= 0; i--) floor[i] = Math.min(floor[i]!, floor[i + 1]! + rise);
  return floor;
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
