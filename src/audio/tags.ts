import type { ByteWindow } from './audio-source.js';
import type { Stretch } from './frame-walk.js';

/** Tags in front of a stream: a hostile file that consists of them is not read for ever. */
const mostTags = 64;

/**
 * Where the sound lies between the tags of a bare stream: ID3v2 in front (any number, with the zeros that may follow),
 * APE and ID3v1 behind.
 */
export async function betweenTags(window: ByteWindow): Promise<Stretch & { readonly hasTag: boolean }> {
  let start = 0;
  for (let tags = 0; tags < mostTags; tags++) {
    const after = await skipId3(window, start);
    if (after === start) break;
    start = Math.min(after, window.size);
  }
  const hasTag = start > 0;
  let end = window.size;
  if (end - start >= 128 && textOf(await window.take(end - 128, 3)) === 'TAG') end -= 128;
  const footer = end - start >= 32 ? await window.take(end - 32, 32) : new Uint8Array(0);
  if (textOf(footer.subarray(0, 8)) === 'APETAGEX') {
    const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength);
    const withHeader = view.getUint32(20, true) & 0x8000_0000 ? 32 : 0;
    end = Math.max(start, end - view.getUint32(12, true) - withHeader);
  }
  return { start, end, hasTag };
}

/** Behind the ID3v2 tag at `at` and the zeros that pad it; `at` where there is none. */
async function skipId3(window: ByteWindow, at: number): Promise<number> {
  const head = await window.take(at, 10);
  const isTag = head.length === 10 && textOf(head.subarray(0, 3)) === 'ID3' && head[3] !== 0xff;
  if (!isTag || head.subarray(6).some((byte) => byte > 0x7f)) return at;
  const size = head.subarray(6).reduce((sum, byte) => sum * 128 + byte, 0);
  const end = at + 10 + size + (head[5]! & 0x10 ? 10 : 0);
  const behind = await window.take(Math.min(end, window.size), 4096);
  const zeros = behind.findIndex((byte) => byte !== 0);
  return end + (zeros < 0 ? behind.length : zeros);
}

export function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
