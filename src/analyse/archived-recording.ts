import type { Asset } from '../domain/recording.js';
import type { Entry, JournalReader } from '../store/journal.js';
import type { WaveformsReader, WaveformsWriter } from '../store/waveforms.js';

/** What the events `recording.archived` and `recording.described` tell of the bytes that were kept (store/rows/recording-events.ts makes it). */
export type ArchivedRecording = Pick<Asset, 'fileName' | 'bytes' | 'container' | 'codec' | 'channels'> & {
  readonly recordingId: string;
};

/** The entries that tell of bytes to analyse: what is described anew may have a waveform now, or another. */
export const analysedTypes = ['recording.archived', 'recording.described'] as const;

/** Whether there are bytes to analyse. Entries without audio are passed by, as the analyser does: its lag in the status is 0 then. */
export async function hasUnanalysed({
  journal,
  waveforms,
  waveformsWriter,
}: {
  readonly journal: Pick<JournalReader, 'read' | 'lastSeq'>;
  readonly waveforms: Pick<WaveformsReader, 'cursor'>;
  readonly waveformsWriter: WaveformsWriter;
}): Promise<boolean> {
  const from = await waveforms.cursor();
  // Asked first: up to here, nothing will be found later that is not found now.
  const lastSeq = await journal.lastSeq();
  if (lastSeq <= from) return false;
  if ((await journal.read(from, 1, analysedTypes)).length > 0) return true;
  await waveformsWriter.keep([], lastSeq);
  return false;
}

/** The projection, which may be behind, is not asked. */
export function readArchived({ text }: Pick<Entry, 'text'>): ArchivedRecording {
  return JSON.parse(text) as ArchivedRecording;
}
