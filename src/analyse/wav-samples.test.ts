import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWav, inPieces, makeSound, type WavForm } from '../../test/support/sound.js';
import { decodeWav } from './wav-samples.js';

const left = makeSound([{ seconds: 0.02, tone: 0.9 }]);
const right = makeSound([{ seconds: 0.02, noise: 0.5 }]);

async function decode(wav: Uint8Array, pieces: readonly number[] = [65_536], size = wav.length) {
  const channels: number[][] = [];
  const rates = new Set<number>();
  for await (const block of decodeWav(inPieces(wav, pieces), size)) {
    rates.add(block.sampleRate);
    block.channels.forEach((samples, index) => (channels[index] ??= []).push(...samples));
  }
  return { channels, sampleRate: [...rates] };
}

function expectClose(
  channels: readonly number[][],
  originals: readonly Float32Array[],
  within: number,
): void {
  expect(channels.map(({ length }) => length)).toEqual(originals.map(({ length }) => length));
  const distances = originals.flatMap((original, index) =>
    [...original].map((sample, frame) => Math.abs(sample - channels[index]![frame]!)),
  );
  expect(Math.max(...distances)).toBeLessThanOrEqual(within);
}

describe('the samples of a WAV file', () => {
  const forms: readonly (WavForm & { readonly within: number })[] = [
    { codec: 'pcm', bits: 8, within: 2 ** -7 },
    { codec: 'pcm', bits: 16, within: 2 ** -15 },
    { codec: 'pcm', bits: 24, within: 2 ** -23 },
    { codec: 'pcm', bits: 32, within: 2 ** -24 },
    { codec: 'float', bits: 32, within: 0 },
    { codec: 'float', bits: 64, within: 0 },
    { codec: 'alaw', within: 0.03 },
    { codec: 'ulaw', within: 0.03 },
  ];
  it.each(forms)('are read from $codec of $bits bits, one channel and two', async ({ within, ...form }) => {
    const stereo = await decode(encodeWav([left, right], { ...form, sampleRate: 16_000 }));
    expect(stereo.sampleRate).toEqual([16_000]);
    expectClose(stereo.channels, [left, right], within);
    expectClose((await decode(encodeWav([right], form))).channels, [right], within);
  });

  it('are the same wherever the file is cut', async () => {
    const wav = encodeWav([left, right], { bits: 24, between: Buffer.from('LIST\x04\0\0\0INFO', 'latin1') });
    const whole = await decode(wav);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), async (pieces) => {
        expect(await decode(wav, pieces)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('end before what lies behind them, and where the file ends', async () => {
    const tagged = Buffer.concat([encodeWav([left]), Buffer.from('LIST\x04\0\0\0INFO', 'latin1')]);
    expectClose((await decode(tagged)).channels, [left], 2 ** -15);
    const outdated = encodeWav([left], { claimedDataBytes: 100 });
    expectClose((await decode(outdated, [7])).channels, [left], 2 ** -15);
    const cut = encodeWav([left]).subarray(0, 44 + 101);
    expectClose((await decode(cut, [7])).channels, [left.subarray(0, 50)], 2 ** -15);
  });

  it.each([0, 0xffff_ffff])(
    'go on to the end where a recorder wrote %i for their length',
    async (claimed) => {
      const streamed = encodeWav([left], { claimedDataBytes: claimed });
      expectClose((await decode(streamed)).channels, [left], 2 ** -15);
      expectClose((await decode(streamed, [1_000], Infinity)).channels, [left], 2 ** -15);
    },
  );

  it('are not looked for in what is no such file', async () => {
    const refused = { reason: 'unsupported' };
    await expect(decode(Buffer.from('<html>'))).rejects.toMatchObject(refused);
    await expect(decode(Buffer.alloc(3_000_000, 'RIFF....WAVEjunk'))).rejects.toMatchObject(refused);
    await expect(decode(encodeWav(Array.from({ length: 9 }, () => left)))).rejects.toMatchObject(refused);
    const ofTwelveBits = encodeWav([left]);
    ofTwelveBits.writeUInt16LE(40, 34);
    ofTwelveBits.writeUInt16LE(5, 32);
    await expect(decode(ofTwelveBits)).rejects.toMatchObject(refused);
  });
});
