/** Bytes of base64 as the API sends peaks: one for each equal stretch, 0 to 255. */
export function decodePeaks(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The highest of the peaks that fall into each of `count` equal stretches, as shares of the loudest possible. */
export function resamplePeaks(peaks: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * peaks.length) / count);
    const to = Math.max(from + 1, Math.ceil(((index + 1) * peaks.length) / count));
    let highest = 0;
    for (let at = from; at < to && at < peaks.length; at++) highest = Math.max(highest, peaks[at]!);
    return highest / 255;
  });
}
