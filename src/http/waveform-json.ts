import type * as wire from '../contract/waveforms.js';
import type { Waveform } from '../store/waveforms.js';

/** A waveform as the API shows it. */
export function toWaveformJson(recordingId: string, { seconds, channels }: Waveform): wire.Waveform {
  return {
    recordingId,
    seconds,
    channels: channels.map(({ peaks, speech }) => ({
      peaks: toBase64(peaks),
      speech: speech.map(([from, to]) => [from, to]),
    })),
  };
}

/** The same for a row of a list: no more than `buckets` peaks of each channel. */
export function toSmallWaveformJson(
  recordingId: string,
  { seconds, channels }: Waveform,
  buckets: number,
): wire.WaveformList['items'][number] {
  return { recordingId, seconds, channels: channels.map(({ peaks }) => toBase64(narrow(peaks, buckets))) };
}

/** Of each of equal stretches the highest peak. */
function narrow(peaks: Uint8Array, buckets: number): Uint8Array {
  const count = Math.min(buckets, peaks.length);
  return Uint8Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * peaks.length) / count);
    const to = Math.ceil(((index + 1) * peaks.length) / count);
    return Math.max(...peaks.subarray(from, to));
  });
}

function toBase64(peaks: Uint8Array): string {
  return Buffer.from(peaks.buffer, peaks.byteOffset, peaks.byteLength).toString('base64');
}
