/**
 * Containers and bare streams that are told by their bytes; each is also the extension that its files get. `rifx` is
 * WAV with its bytes the other way round, `w64` the one of Sony's editors: browsers play neither.
 */
export const audioContainers = [
  ...(['wav', 'rifx', 'w64', 'mp3', 'aac', 'ogg', 'flac', 'm4a', 'amr', 'webm'] as const),
  ...(['aiff', 'caf', 'au', 'wma'] as const),
] as const;

/** What is kept although nothing here knows what it is. */
export const unrecognised = 'unrecognised';

export type AudioContainer = (typeof audioContainers)[number] | typeof unrecognised;

/** What audio holds, by its bytes. Whatever is absent could not be found out. */
export interface AudioDescription {
  readonly container: AudioContainer;
  readonly codec?: string;
  readonly channels?: number;
  /** Hz. */
  readonly sampleRate?: number;
  /** Measured over the whole file, to the millisecond; 0 where there is no sound at all. Never an estimate. */
  readonly seconds?: number;
}

/** What a reader of one container finds; the container is known by then. */
export type AudioContent = Omit<AudioDescription, 'container'>;

/** `seconds` to the millisecond, or nothing where it is no length. What sounds at all does not become 0. */
export function lengthOf(seconds: number | undefined): Pick<AudioContent, 'seconds'> {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return {};
  const rounded = Math.round(seconds * 1000) / 1000;
  return { seconds: seconds > 0 ? Math.max(rounded, 0.001) : 0 };
}
