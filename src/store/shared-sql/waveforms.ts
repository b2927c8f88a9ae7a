import { fromRecordingId, toRecordingId, toStateNumber } from '../rows/recording-row.js';
import type { Row } from '../rows/row.js';
import type {
  KeptWaveform,
  Waveform,
  WaveformReason,
  WaveformsReader,
  WaveformsWriter,
} from '../waveforms.js';
import { type OperationsOf, page, read, write } from './operations.js';
import { filled, placeholders } from './row-sql.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf, type SqlParameter, type Work } from './work.js';

/** Of each channel: how many of the peaks are its, and its speech. */
type ChannelsText = { readonly peaks: number; readonly speech: Waveform['channels'][number]['speech'] }[];

const deleted = toStateNumber('deleted');

const columns = 'recording, seconds, channels, peaks, reason';

export const waveforms: OperationsOf<WaveformsReader> = {
  get: read(function* (recordingId) {
    const row = yield* rowOf(
      `SELECT ${columns} FROM waveforms WHERE recording = $1`,
      fromRecordingId(recordingId),
    );
    return row && toKept(row);
  }),

  list: page(function* (recordingIds) {
    if (recordingIds.length === 0) return [];
    const rows = yield* rowsOf(
      `SELECT ${columns} FROM waveforms WHERE recording IN (${placeholders(recordingIds.length)})`,
      ...filled(recordingIds.map(fromRecordingId)),
    );
    return rows.map(toKept);
  }),

  cursor: read(readCursor),
};

export function createWaveformsWriter({ held }: SqlDialect): OperationsOf<WaveformsWriter> {
  return {
    keep: write(function* (kept, cursor) {
      for (const waveform of kept) yield* keepOne(waveform, held);
      yield* change(
        `INSERT INTO cursors (name, position) VALUES ('analyser', $1) ON CONFLICT (name) DO UPDATE
       SET position = excluded.position WHERE cursors.position < excluded.position`,
        cursor,
      );
    }),
  };
}

function* readCursor(): Work<number> {
  const row = yield* rowOf(`SELECT position FROM cursors WHERE name = 'analyser'`);
  return (row?.['position'] as number | undefined) ?? 0;
}

function* keepOne(kept: KeptWaveform, held: string): Work<void> {
  const recording = fromRecordingId(kept.recordingId);
  // It may have been deleted while it was listened to: then nothing of it stays.
  const row = yield* rowOf(`SELECT state FROM recordings WHERE id = $1${held}`, recording);
  if (row?.['state'] === deleted) return;
  yield* change(
    `INSERT INTO waveforms (${columns}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (recording) DO UPDATE SET
       seconds = excluded.seconds, channels = excluded.channels, peaks = excluded.peaks, reason = excluded.reason`,
    recording,
    ...('reason' in kept ? [null, null, null, kept.reason] : [...toColumns(kept.waveform), null]),
  );
}

function toColumns({ seconds, channels }: Waveform): SqlParameter[] {
  const told: ChannelsText = channels.map(({ peaks, speech }) => ({ peaks: peaks.length, speech }));
  return [seconds, JSON.stringify(told), Buffer.concat(channels.map(({ peaks }) => peaks))];
}

function toKept(row: Row): KeptWaveform {
  const recordingId = toRecordingId(row['recording'] as number);
  const reason = row['reason'] as WaveformReason | null;
  if (reason !== null) return { recordingId, reason };
  const peaks = row['peaks'] as Uint8Array;
  let from = 0;
  const channels = (JSON.parse(row['channels'] as string) as ChannelsText).map((channel) => ({
    // A copy of its own: what crosses threads takes the whole of its buffer along.
    peaks: Uint8Array.from(peaks.subarray(from, (from += channel.peaks))),
    speech: channel.speech,
  }));
  return { recordingId, waveform: { seconds: row['seconds'] as number, channels } };
}
