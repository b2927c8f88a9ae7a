import { seededRandom } from '../seeded-random.js';
import { lineNoise, speakPhrase } from './voice.js';
import { bytesPerFrame, type AudioFormat } from './wav-header.js';

/** Encoded snippets that conversations are put together from: copying them costs next to nothing. */
export interface PhraseBank {
  readonly bytesPerFrame: number;
  /** Phrases of each agent's voice, on the first channel. */
  readonly agents: readonly (readonly Uint8Array[])[];
  /** Phrases of each customer's voice, on the last channel. */
  readonly customers: readonly (readonly Uint8Array[])[];
  /** Some seconds of the line with nobody talking. */
  readonly hush: Uint8Array;
}

const agentPitchesHz = [205, 178];
const customerPitchesHz = [112, 131, 219];
const phrasesPerVoice = 14;
const hushSeconds = 4;

/** The voices are spoken at once, the banks encoded when first asked for and kept: under 3 MB each. */
export function createPhraseBanks(): (format: AudioFormat) => PhraseBank {
  const spoken = speak();
  const banks = new Map<string, PhraseBank>();
  return (format) => {
    const name = `${format.codec}-${format.channels}`;
    const bank = banks.get(name) ?? encodeBank(spoken, format);
    banks.set(name, bank);
    return bank;
  };
}

interface Spoken {
  readonly agents: readonly (readonly Float64Array[])[];
  readonly customers: readonly (readonly Float64Array[])[];
  readonly hush: Float64Array;
}

function speak(): Spoken {
  const random = seededRandom('phrase bank');
  const voice = (pitchHz: number): Float64Array[] =>
    Array.from({ length: phrasesPerVoice }, () => speakPhrase(random, pitchHz));
  return {
    agents: agentPitchesHz.map(voice),
    customers: customerPitchesHz.map(voice),
    hush: lineNoise(random, hushSeconds),
  };
}

function encodeBank(spoken: Spoken, format: AudioFormat): PhraseBank {
  const onChannel =
    (channel: number) =>
    (phrases: readonly Float64Array[]): Uint8Array[] =>
      phrases.map((samples) => encode(samples, channel, format));
  return {
    bytesPerFrame: bytesPerFrame(format),
    agents: spoken.agents.map(onChannel(0)),
    customers: spoken.customers.map(onChannel(format.channels - 1)),
    hush: encode(spoken.hush, 0, format),
  };
}

/** Puts the samples on one channel and line noise on the other, if there is one. */
function encode(samples: Float64Array, channel: number, format: AudioFormat): Uint8Array {
  const frameBytes = bytesPerFrame(format);
  const sampleBytes = frameBytes / format.channels;
  const encoded = Buffer.alloc(samples.length * frameBytes);
  const noise = seededRandom('line noise', samples.length);
  samples.forEach((sample, frame) => {
    for (let side = 0; side < format.channels; side++) {
      const level = Math.round(side === channel ? sample : (noise() - 0.5) * 96);
      const at = frame * frameBytes + side * sampleBytes;
      if (format.codec === 'alaw') encoded[at] = toALaw(level);
      else encoded.writeInt16LE(level, at);
    }
  });
  return encoded;
}

/** One 16-bit sample as G.711 A-law: sign, three bits of exponent, four of mantissa, every other bit inverted. */
export function toALaw(sample: number): number {
  const sign = sample < 0 ? 0x00 : 0x80;
  // Thirteen bits count; a negative sample is taken as its ones' complement, as the reference coder does.
  const magnitude = Math.min((sample < 0 ? ~sample : sample) >> 3, 0xfff);
  let exponent = 0;
  for (let rest = magnitude >> 5; rest > 0; rest >>= 1) exponent++;
  const mantissa = exponent === 0 ? magnitude >> 1 : magnitude >> exponent;
  return (sign | (exponent << 4) | (mantissa & 0x0f)) ^ 0x55;
}
