import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseAudio, type AudioForm } from '../../src/analyse/analyse-audio.js';
import { findFfmpeg } from '../../src/settings/environment.js';
import { createAudio } from '../../src/simulator/audio/recording-audio.js';
import { makeCall } from '../../src/simulator/call.js';
import { completeOptions } from '../../src/simulator/simulation-options.js';
import { openDiskStorage } from '../../src/storage/disk.js';
import type { Bench } from '../bench.js';
import { count, median, ms, times, type Figure } from '../report/figure.js';

const seconds = 300;
/** Ten seconds of stereo at 8 kHz and 16 kbit/s, of frames that stand by themselves. */
const tenSecondsMp3 = new URL('../../../test/samples/conversation-stereo.mp3', import.meta.url);
const aimTimes = 500;

interface Sample extends Pick<AudioForm, 'container' | 'codec'> {
  readonly name: string;
  readonly bytes: Buffer;
}

/** How many times faster than it was spoken a call is analysed: read from the disk, decoded, drawn, searched for speech. */
export async function measureAnalysing({ scale, scratch }: Bench): Promise<Figure[]> {
  const folder = scratch.create('analyse');
  const storage = await openDiskStorage({ root: folder });
  const figures: Figure[] = [];
  for (const { name, bytes, container, codec } of makeSamples()) {
    const fileName = `call.${container}`;
    writeFileSync(join(folder, fileName), bytes);
    const form = { container, bytes: bytes.length, channels: 2, ...(codec === undefined ? {} : { codec }) };
    const took: number[] = [];
    const decoding: number[] = [];
    for (let round = 0; round < scale.analyses; round++) {
      const startedAt = performance.now();
      await analyseAudio(form, () => storage.read(fileName), {});
      took.push(performance.now() - startedAt);
      decoding.push(...decodeByFfmpeg(join(folder, fileName)));
    }
    figures.push(toFigure(name, median(took), decoding));
  }
  scratch.discard(folder);
  return figures;
}

function makeSamples(): Sample[] {
  const tenSeconds = readFileSync(tenSecondsMp3);
  return [
    { name: 'A-law', container: 'wav', codec: 'alaw', bytes: makeWav('alaw') },
    { name: 'PCM, 16 bits', container: 'wav', codec: 'pcm', bytes: makeWav('pcm') },
    {
      ...{ name: 'MP3', container: 'mp3', codec: 'mp3' },
      bytes: Buffer.concat(Array.from({ length: seconds / 10 }, () => tenSeconds)),
    },
  ];
}

function makeWav(codec: 'alaw' | 'pcm'): Buffer {
  const call = makeCall(completeOptions({ to: 'http://127.0.0.1', calls: 1, rate: 1 }), 5, 3, 0);
  return Buffer.concat([...createAudio(5)({ ...call, codec, channels: 2, durationSeconds: seconds }).read()]);
}

/** What a process costs that decodes and looks at nothing; nothing where there is no ffmpeg. */
function decodeByFfmpeg(file: string): number[] {
  const ffmpeg = findFfmpeg();
  if (ffmpeg === undefined) return [];
  const startedAt = performance.now();
  const args = ['-loglevel', 'error', '-nostdin', '-threads', '1', '-i', file, '-f', 'null', '-'];
  const { status } = spawnSync(ffmpeg, args);
  if (status !== 0) throw new Error(`ffmpeg could not decode ${file}`);
  return [performance.now() - startedAt];
}

function toFigure(name: string, tookMs: number, decoding: readonly number[]): Figure {
  const speed = (seconds * 1000) / tookMs;
  const beside =
    decoding.length === 0
      ? 'ffmpeg is not here'
      : `${ms(tookMs)}; ${times(median(decoding) / tookMs)} × ffmpeg that only decodes (${ms(median(decoding))})`;
  return {
    name: `analyse five minutes, stereo, 8 kHz, ${name}`,
    measured: `${count(speed)} × real time`,
    beside,
    aims: [{ text: `≥ ${aimTimes} × real time`, isReached: speed >= aimTimes }],
    numbers: { timesRealTime: speed, medianMs: tookMs },
  };
}
