import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { maxSeconds } from './draw-waveform.js';
import { type SampleBlock, UndecodableAudio } from './sample-reader.js';
import { decodeWav } from './wav-samples.js';

/** Ten minutes of one processor decode days of audio: what takes longer does not come to an end. */
const timeoutMs = 600_000;

/**
 * A stranger's file in a large program: it may read its input and write its output, and open nothing else; it has one
 * thread, a bounded time, and no environment, in which our secrets would be.
 */
const toWav = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'quiet', '-protocol_whitelist', 'pipe', '-threads', '1'],
  ...['-i', 'pipe:0', '-map', '0:a:0', '-t', `${maxSeconds + 1}`, '-c:a', 'pcm_s16le', '-f', 'wav', 'pipe:1'],
];

/**
 * Decodes whatever the ffmpeg at `program` decodes from a pipe.
 * @throws UndecodableAudio `unsupported` where nothing comes of it, `broken` where it ends in the middle.
 */
export async function* decodeByFfmpeg(
  program: string,
  file: AsyncIterable<Uint8Array>,
): AsyncGenerator<SampleBlock> {
  const child = start(program);
  const ended = endOf(child);
  const fed = feed(child, file);
  let heard = false;
  try {
    for await (const block of decodeWav(child.stdout)) {
      heard = true;
      yield block;
    }
  } catch {
    // No header came, or the pipe broke: its end, and what was heard until then, tell what that was.
  } finally {
    child.stdout.destroy();
    // Whoever has heard enough does not wait for the rest.
    if (!child.stdout.readableEnded) child.kill('SIGKILL');
    await fed;
    await ended;
  }
  if (!heard) throw new UndecodableAudio('unsupported', 'ffmpeg makes nothing of it.');
  if ((await ended) !== 0) throw new UndecodableAudio('broken', 'ffmpeg did not come to its end.');
}

/**
 * The same as a WAV file, as it is decoded: how long it will be, its head does not know. Ends early where ffmpeg does; empty
 * where nothing comes of it. Whoever has enough destroys it.
 */
export function convertToWav(program: string, file: AsyncIterable<Uint8Array>): Readable {
  const child = start(program);
  void endOf(child);
  void feed(child, file);
  return child.stdout.once('close', () => child.kill('SIGKILL'));
}

function start(program: string) {
  return spawn(program, toWav, {
    ...{ stdio: ['pipe', 'pipe', 'ignore'], env: {}, timeout: timeoutMs, killSignal: 'SIGKILL' },
  });
}

/** It may stop reading, or die, before it has everything. That is told by its end. */
function feed({ stdin }: ReturnType<typeof start>, file: AsyncIterable<Uint8Array>): Promise<unknown> {
  return pipeline(Readable.from(file), stdin).catch((error: unknown) => error);
}

/** Its exit code; undefined where a signal ended it, or it could not be started. */
async function endOf(child: ChildProcess): Promise<number | undefined> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? undefined;
  } catch {
    return undefined;
  }
}
