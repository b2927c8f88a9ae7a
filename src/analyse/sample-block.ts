/** A piece of decoded audio. It is lent until the next one is asked for: the decoder uses its memory again. */
export interface SampleBlock {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples from −1 to 1, as many of each channel; left is first. */
  readonly channels: readonly Float32Array[];
}

/** More channels than any telephone system records: beyond is a header that lies, or music. */
export const maxChannels = 8;
