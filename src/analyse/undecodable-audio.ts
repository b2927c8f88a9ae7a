import type { WaveformReason } from '../store/waveforms.js';

/** The bytes are no audio that can be decoded here. What goes wrong with getting the bytes is never this. */
export class UndecodableAudio extends Error {
  override readonly name = 'UndecodableAudio';

  constructor(
    readonly reason: WaveformReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
