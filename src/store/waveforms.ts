/** How loud a recording is over its length, and where somebody speaks. */
export interface Waveform {
  readonly seconds: number;
  /** One or two as a rule: left is first. */
  readonly channels: readonly WaveformChannel[];
}

export interface WaveformChannel {
  /** The highest absolute sample of each stretch, 0 to 255; the stretches are equal, and at most 1,024. */
  readonly peaks: Uint8Array;
  /** Seconds from the start: where each begins and ends, ascending, apart from each other. */
  readonly speech: readonly (readonly [from: number, to: number])[];
}

/** `unsupported`: nothing here decodes it; `broken`: it could not be decoded to its end. */
export const waveformReasons = ['unsupported', 'broken'] as const;
export type WaveformReason = (typeof waveformReasons)[number];

export type KeptWaveform =
  | { readonly recordingId: string; readonly waveform: Waveform }
  | { readonly recordingId: string; readonly reason: WaveformReason };

export interface WaveformsReader {
  get(recordingId: string): Promise<KeptWaveform | undefined>;
  /** Those there are, of at most 100 recordings, in no order. */
  list(recordingIds: readonly string[]): Promise<KeptWaveform[]>;
  /** The seq up to which the journal's `recording.archived` were looked at. */
  cursor(): Promise<number>;
}

export interface WaveformsWriter {
  /** Atomic: in place of what there was, with the cursor; it never goes back. */
  keep(waveforms: readonly KeptWaveform[], cursor: number): Promise<void>;
}
