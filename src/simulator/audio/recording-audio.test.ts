import fc from 'fast-check';
import { parseBuffer } from 'music-metadata';
import { describe, expect, it } from 'vitest';
import { makeCall } from '../call.js';
import type { SimulatedCall } from '../call.js';
import { completeOptions } from '../simulation-options.js';
import { toALaw } from './phrase-bank.js';
import { createAudio } from './recording-audio.js';

const options = completeOptions({ to: 'http://127.0.0.1:1/', calls: 1, rate: 1 });
const audio = createAudio(1);

function callWith(part: Partial<SimulatedCall>): SimulatedCall {
  return { ...makeCall(options, 1, 0, 0), durationSeconds: 12, ...part };
}

function bytesOf(part: Partial<SimulatedCall>, start?: number, end?: number): Buffer {
  return Buffer.concat([...audio(callWith(part)).read(start, end)]);
}

/** Decodes A-law by asking the encoder: the level that it gives this byte for, by the middle of its step. */
const levels = new Map<number, number>();
for (let level = -32_768; level < 32_768; level += 16) levels.set(toALaw(level), level);

function loudness(samples: readonly number[]): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe('the audio of a simulated call', () => {
  it.each([
    { codec: 'alaw', channels: 1, name: 'A-law' },
    { codec: 'alaw', channels: 2, name: 'A-law' },
    { codec: 'pcm', channels: 1, name: 'PCM' },
    { codec: 'pcm', channels: 2, name: 'PCM' },
  ] as const)(
    'is a WAV file that others can read: $codec, $channels channel(s)',
    async ({ name, ...format }) => {
      const bytes = bytesOf(format);
      expect(bytes.length).toBe(audio(callWith(format)).bytes);
      expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
      const { format: found } = await parseBuffer(bytes, 'audio/wav', { duration: true });
      expect(found).toMatchObject({
        container: 'WAVE',
        numberOfChannels: format.channels,
        sampleRate: 8000,
        duration: 12,
      });
      expect(found.codec).toMatch(name === 'PCM' ? /^PCM/ : /a-?law/i);
    },
  );

  it('is the same every time, and another for every call and seed', () => {
    const format = { codec: 'alaw', channels: 1 } as const;
    expect(bytesOf(format).equals(bytesOf(format))).toBe(true);
    const others = Array.from({ length: 300 }, (_, index) =>
      bytesOf({ ...format, durationSeconds: 2, index }),
    );
    expect(new Set(others.map((bytes) => bytes.toString('latin1'))).size).toBe(300);
    const otherSeed = Buffer.concat([...createAudio(2)(callWith(format)).read()]);
    expect(otherSeed.equals(bytesOf(format))).toBe(false);
  });

  it('reads the same from anywhere', () => {
    const format = { codec: 'pcm', channels: 2, durationSeconds: 9 } as const;
    const whole = bytesOf(format);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        expect(bytesOf(format, start, end).equals(whole.subarray(start, end))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('has talk and pauses, loud enough and never clipped', () => {
    const bytes = bytesOf({ codec: 'pcm', channels: 1, durationSeconds: 60 }).subarray(44);
    const samples = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2));
    const windows = Array.from({ length: 1200 }, (_, index) =>
      loudness(samples.slice(index * 400, index * 400 + 400)),
    );
    const talking = windows.filter((level) => level > 500).length / windows.length;
    expect(talking).toBeGreaterThan(0.35);
    expect(talking).toBeLessThan(0.9);
    expect(samples.every((sample) => Math.abs(sample) < 20_000)).toBe(true);
  });

  it('puts the two parties on the two channels, one at a time', () => {
    const bytes = bytesOf({ codec: 'alaw', channels: 2, durationSeconds: 60 }).subarray(58);
    const side = (channel: number): number[] =>
      Array.from({ length: 1200 }, (_, window) =>
        loudness(
          Array.from(
            { length: 400 },
            (_unused, frame) => levels.get(bytes[(window * 400 + frame) * 2 + channel] ?? 0) ?? 0,
          ),
        ),
      );
    const [agent, customer] = [side(0), side(1)];
    expect(agent.filter((level) => level > 500).length).toBeGreaterThan(150);
    expect(customer.filter((level) => level > 500).length).toBeGreaterThan(150);
    const both = agent.filter((level, window) => level > 500 && (customer[window] ?? 0) > 500).length;
    expect(both).toBeLessThan(60);
  });
});

describe('A-law', () => {
  it('codes the levels of the recommendation', () => {
    // G.711, table 1a: the extremes, and the two values around zero.
    expect([0, -1, 32_767, -32_768].map((level) => toALaw(level))).toEqual([0xd5, 0x55, 0xaa, 0x2a]);
  });
});
