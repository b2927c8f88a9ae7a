import { resamplePeaks } from './peaks.ts';

const barPixels = 2;
const gapPixels = 1;

/** Fills a canvas, in the size that it is shown in, with bars about its middle, in its own text colour. */
export function drawWaveform(canvas: HTMLCanvasElement, peaks: Uint8Array): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d');
  if (!pen || width === 0) return;
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(canvas).color;
  const bars = resamplePeaks(peaks, Math.floor(width / (barPixels + gapPixels)));
  for (const [index, share] of bars.entries()) {
    // Raised a little: speech is far below the loudest possible, and has to be seen.
    const length = Math.max(1, share ** 0.7 * height);
    pen.fillRect(index * (barPixels + gapPixels), (height - length) / 2, barPixels, length);
  }
}
