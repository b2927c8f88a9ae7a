import { parametersOf } from '../../contract/page.js';
import { Waveform, WaveformList, WaveformListParameters } from '../../contract/waveforms.js';
import { AppError } from '../../domain/errors.js';
import type { WaveformReason } from '../../store/waveforms.js';
import { answers, type Api } from '../api.js';
import type { RecordingArea } from '../areas.js';
import { RecordingId, unknownRecording } from './recording-routes.js';
import type * as store from '../../store/waveforms.js';

const defaultBuckets = 64;
const mostRecordings = 100;

/** Pictures of loudness: the whole one for a player, small ones for lists. */
export function addWaveformRoutes(api: Api, { recordings, waveforms }: RecordingArea): void {
  const tags = ['recordings'];

  api.get(
    '/api/v1/recordings/:id/waveform',
    {
      config: { right: 'listen' },
      schema: {
        tags,
        summary: 'How loud a recording is over its length, and where somebody speaks',
        description:
          'Made within seconds of archiving. 404 `waveform-not-made` before that, `waveform-unavailable` where it cannot be made.',
        params: RecordingId,
        querystring: parametersOf({}),
        response: answers(200, Waveform),
      },
    },
    async (request): Promise<Waveform> => {
      const { id } = request.params;
      const kept = await waveforms.get(id);
      if (kept && 'waveform' in kept) return toWaveformJson(id, kept.waveform);
      if (kept) throw new AppError('waveform-unavailable', unavailable[kept.reason]);
      const recording = await recordings.get(id);
      if (!recording) throw unknownRecording();
      if (recording.asset)
        throw new AppError('waveform-not-made', 'The waveform of this recording is not made yet.');
      throw new AppError(
        'recording-not-archived',
        `The recording is ${recording.state}; no audio of it is archived.`,
      );
    },
  );

  api.get(
    '/api/v1/waveforms',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'Small waveforms of some recordings, for a list',
        description: 'In no order. Recordings that are unknown, or have no waveform, are left out.',
        querystring: WaveformListParameters,
        response: answers(200, WaveformList),
      },
    },
    async (request): Promise<WaveformList> => {
      const { buckets = defaultBuckets } = request.query;
      const ids = new Set(request.query.recordings.split(',').filter((id) => id !== ''));
      if (ids.size > mostRecordings)
        throw new AppError('parameter-invalid', `\`recordings\` names more than ${mostRecordings}.`);
      const kept = await waveforms.list([...ids]);
      const items = kept.flatMap((one) =>
        'waveform' in one ? [toSmallWaveformJson(one.recordingId, one.waveform, buckets)] : [],
      );
      return { items };
    },
  );
}

const unavailable: Readonly<Record<WaveformReason, string>> = {
  unsupported: 'Nothing on the machine that archives decodes the format of this recording.',
  broken: 'The audio of this recording is damaged, and could not be decoded to its end.',
};

/** A waveform as the API shows it. */
function toWaveformJson(recordingId: string, { seconds, channels }: store.Waveform): Waveform {
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
function toSmallWaveformJson(
  recordingId: string,
  { seconds, channels }: store.Waveform,
  buckets: number,
): WaveformList['items'][number] {
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
