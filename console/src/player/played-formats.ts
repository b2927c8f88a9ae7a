import type { Asset } from '../../../src/contract/recordings.ts';

const playedContainers = ['mp3', 'aac', 'adts', 'mp4', 'm4a', 'ogg', 'opus', 'flac', 'webm', 'matroska'];
/** In a WAV file; GSM 6.10 and ADPCM are not among them. */
const playedCodecs = /^(pcm|alaw|ulaw|mulaw|float)/;

/** Whether browsers play it as it is (docs/formats.md); the rest is decoded for them where the server has ffmpeg. */
export function isPlayedByBrowsers({ container, codec }: Pick<Asset, 'container' | 'codec'>): boolean {
  if (container === 'wav') return codec === undefined || playedCodecs.test(codec);
  return playedContainers.includes(container) && codec !== 'speex';
}
