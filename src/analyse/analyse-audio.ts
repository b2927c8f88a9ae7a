import type { Asset } from '../domain/recording.js';
import type { Waveform } from '../store/waveforms.js';
import { drawWaveform } from './draw-waveform.js';
import { decodeByFfmpeg } from './ffmpeg-samples.js';
import { type SampleBlock, UndecodableAudio } from './sample-reader.js';
import { decodeWav } from './wav-samples.js';
import { MPEGDecoder } from 'mpg123-decoder';

/** What the archiver found out about the bytes, as far as it matters here. */
export type AudioForm = Pick<Asset, 'bytes' | 'container' | 'codec' | 'channels'>;

export interface AudioTools {
  /** Where ffmpeg lies; absent where there is none. */
  readonly ffmpeg?: string;
}

type Bytes = AsyncIterable<Uint8Array>;
type Decode = (bytes: Bytes) => AsyncIterable<SampleBlock>;

/**
 * The waveform of an audio file. `open` gives its bytes from the start: again, where one decoder cannot read them and
 * the next is tried.
 * @throws UndecodableAudio where none can. Whatever `open` and its bytes throw comes through.
 */
export async function analyseAudio(
  form: AudioForm,
  open: () => Promise<Bytes>,
  tools: AudioTools,
): Promise<Waveform> {
  let refusal = new UndecodableAudio('unsupported', 'Only ffmpeg decodes this, and it is not here.');
  for (const decode of decodersOf(form, tools)) {
    try {
      return await drawWaveform(decode(await open()));
    } catch (error) {
      if (!(error instanceof UndecodableAudio) || error.reason !== 'unsupported') throw error;
      refusal = error;
    }
  }
  throw refusal;
}

function decodersOf({ bytes, container, codec, channels }: AudioForm, { ffmpeg }: AudioTools): Decode[] {
  const byFfmpeg: Decode[] = ffmpeg === undefined ? [] : [(file) => decodeByFfmpeg(ffmpeg, file)];
  // An MP3 in a WAV file is an MP3 behind a header that its decoder skips.
  if (container === 'mp3' || codec === 'mp3') return [(file) => decodeMp3(file, channels)];
  if (container === 'wav') return [(file) => decodeWav(file, bytes), ...byFfmpeg];
  return byFfmpeg;
}

/** A few seconds of a common bit rate, and not more than a minute of any: the decoder gives all of it at once. */
const bytesAtOnce = 16 * 1024;

/**
 * Decodes MPEG audio of all three layers; frames that are damaged are left out. The decoder gives two channels of
 * everything: of one that is recorded, both are the same, and one is given on. Its complaints go to the console, which
 * is for the thread to direct.
 */
async function* decodeMp3(file: AsyncIterable<Uint8Array>, channelCount = 2): AsyncGenerator<SampleBlock> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  let sampleRate: number | undefined;
  try {
    for await (const chunk of file) {
      for (let at = 0; at < chunk.length; at += bytesAtOnce) {
        const decoded = decoder.decode(chunk.subarray(at, at + bytesAtOnce));
        if (decoded.samplesDecoded === 0) continue;
        // What is damaged may look like a frame of another rate: a moment that is stretched, and not the end of it.
        sampleRate ??= decoded.sampleRate;
        yield { sampleRate, channels: decoded.channelData.slice(0, channelCount) };
      }
    }
  } finally {
    decoder.free();
  }
}
