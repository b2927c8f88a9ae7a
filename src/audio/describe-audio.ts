import { readAmr } from './amr.js';
import { unrecognised, type AudioContainer, type AudioDescription } from './audio-description.js';
import { ByteWindow, type AudioSource } from './audio-source.js';
import { walkFrames } from './frame-walk.js';
import { readByParser } from './general-parser.js';
import { readOgg } from './ogg.js';
import { readAiff, readAu, readCaf, readFlac } from './plain-headers.js';
import { betweenTags, textOf } from './tags.js';
import { readWave } from './wave.js';

/** Bytes of a beginning that `sniffAudio` wants to see, where there are as many. */
const sniffBytes = 16;

/**
 * The container that the beginning of a file tells; undefined for a bare stream, which has to be looked for, and for
 * what nobody knows. The content type and the extension are not asked, because senders get both wrong (an MP3 named
 * .wav, an error page with status 200; specification page, section 4).
 */
export function sniffAudio(head: Uint8Array): AudioContainer | undefined {
  const ascii = textOf(head.subarray(0, sniffBytes));
  const at = (offset: number, text: string) => ascii.startsWith(text, offset);
  if ((at(0, 'RIFF') || at(0, 'RF64') || at(0, 'BW64')) && at(8, 'WAVE')) return 'wav';
  if (at(0, 'RIFX') && at(8, 'WAVE')) return 'rifx';
  if (at(0, 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb')) return 'w64';
  if (at(0, 'OggS')) return 'ogg';
  if (at(0, 'fLaC')) return 'flac';
  if (at(0, '#!AMR')) return 'amr';
  if (at(4, 'ftyp')) return 'm4a';
  if (at(0, '\x1a\x45\xdf\xa3')) return 'webm';
  if (at(0, 'FORM') && (at(8, 'AIFF') || at(8, 'AIFC'))) return 'aiff';
  if (at(0, 'caff')) return 'caf';
  if (at(0, '.snd')) return 'au';
  if (at(0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11')) return 'wma';
  return undefined;
}

/**
 * Describes audio by its bytes, walked from the first to the last where its form asks for it. A file whose magic is
 * plain but whose inside cannot be read is told by its container alone; what nobody here knows is `unrecognised`.
 * Rejects with what `readAt` rejects with, and with nothing else: what is in a file stops nobody.
 */
export async function describeAudio(source: AudioSource): Promise<AudioDescription> {
  const window = new ByteWindow(source);
  const container = sniffAudio(await window.take(0, sniffBytes));
  switch (container) {
    case 'wav':
    case 'rifx':
    case 'w64':
      return { container, ...(await readWave(window, container)) };
    case 'ogg':
      return { container, ...(await readOgg(window)) };
    case 'amr':
      return { container, ...(await readAmr(window)) };
    case 'flac':
      return { container, ...(await readFlac(window, 0)) };
    case 'aiff':
      return { container, ...(await readAiff(window)) };
    case 'caf':
      return { container, ...(await readCaf(window)) };
    case 'au':
      return { container, ...(await readAu(window)) };
    case 'm4a':
    case 'webm':
    case 'wma':
      return { container, ...(await readByParser(source, container)) };
    default:
      return await describeBare(window);
  }
}

/** A bare stream has no magic: its frames follow each other, perhaps between tags. */
async function describeBare(window: ByteWindow): Promise<AudioDescription> {
  const stretch = await betweenTags(window);
  if (stretch.hasTag) {
    if (textOf(await window.take(stretch.start, 4)) === 'fLaC')
      return { container: 'flac', ...(await readFlac(window, stretch.start)) };
    // A tag alone: a recorder that was stopped before the first frame.
    if (stretch.start >= stretch.end) return { container: 'mp3', seconds: 0 };
  }
  const frames = await walkFrames(window, stretch);
  if (!frames) return { container: unrecognised };
  return { container: frames.codec === 'aac' ? 'aac' : 'mp3', ...frames };
}
