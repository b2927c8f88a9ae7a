import { lengthOf, type AudioContent } from './audio-description.js';
import type { ByteWindow } from './audio-source.js';
import { textOf } from './tags.js';

/** Bytes of a frame by its type, without the one that tells it (RFC 4867); undefined for types that there are not. */
const narrow = [12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, undefined, undefined, undefined, 0];
const wide = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, undefined, undefined, undefined, undefined, 0, 0];

const forms = [
  { magic: '#!AMR-WB_MC1.0\n', codec: 'amrwb', sampleRate: 16_000, frameBytes: wide, isMany: true },
  { magic: '#!AMR_MC1.0\n', codec: 'amr', sampleRate: 8_000, frameBytes: narrow, isMany: true },
  { magic: '#!AMR-WB\n', codec: 'amrwb', sampleRate: 16_000, frameBytes: wide, isMany: false },
  { magic: '#!AMR\n', codec: 'amr', sampleRate: 8_000, frameBytes: narrow, isMany: false },
];

/** Walks the frames of AMR, each 20 ms of one channel; no length where something else lies between them. */
export async function readAmr(window: ByteWindow): Promise<AudioContent> {
  const start = textOf(await window.take(0, 20));
  const form = forms.find(({ magic }) => start.startsWith(magic));
  if (!form) return {};
  const { magic, codec, sampleRate, frameBytes, isMany } = form;
  const channels = isMany ? Math.max(1, (start.charCodeAt(magic.length + 3) || 0) & 15) : 1;
  let frames = 0;
  let at = magic.length + (isMany ? 4 : 0);
  while (at < window.size) {
    if (!window.holds(at, 1)) await window.load(at, 1);
    const head = window.peek(at)[0]!;
    const bytes = frameBytes[(head >> 3) & 15];
    // The outer bits of a frame's first byte are always 0.
    if (bytes === undefined || (head & 0x83) !== 0) return { codec, channels, sampleRate };
    at += 1 + bytes;
    if (at <= window.size) frames++;
  }
  return { codec, channels, sampleRate, ...lengthOf(Math.floor(frames / channels) * 0.02) };
}
