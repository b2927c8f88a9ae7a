import type { Asset } from '../domain/recording.js';
import type { Entry } from '../store/journal.js';

/** What the events `recording.archived` and `recording.described` tell of the bytes that were kept (store/rows/recording-events.ts makes it). */
export type ArchivedRecording = Pick<Asset, 'fileName' | 'bytes' | 'container' | 'codec' | 'channels'> & {
  readonly recordingId: string;
};

/** The entries that tell of bytes to analyse: what is described anew may have a waveform now, or another. */
export const analysedTypes = ['recording.archived', 'recording.described'] as const;

/** The projection, which may be behind, is not asked. */
export function readArchived({ text }: Pick<Entry, 'text'>): ArchivedRecording {
  return JSON.parse(text) as ArchivedRecording;
}
