import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { Crc64 } from '../../src/protocol/crc64.js';
import { sampleRate, wavHeader } from '../../src/simulator/audio/wav-header.js';
import { listen, type Port } from '../process/listen.js';

export interface FileServerSpec {
  /** Size of each recording, its WAV header included, within a second's worth of samples. */
  readonly fileBytes: number;
}

export interface FileServerAnswer {
  /** Two ports, because the archiver takes four recordings of one host at once and eight of all. */
  readonly ports: readonly number[];
  readonly fileBytes: number;
}

/**
 * A storage on this machine: every path is the same recording (A-law, mono), from memory, with the headers
 * that the vendor's storage sends, so that whoever downloads can verify length, MD5 and CRC-64.
 */
export async function serveFiles({ fileBytes }: FileServerSpec): Promise<FileServerAnswer> {
  const audio = makeAudio(secondsOf(fileBytes));
  const md5 = createHash('md5').update(audio).digest();
  const headers = {
    'content-type': 'audio/x-wav',
    'content-length': audio.length,
    'accept-ranges': 'bytes',
    etag: `"${md5.toString('hex').toUpperCase()}"`,
    'content-md5': md5.toString('base64'),
    'x-oss-hash-crc64ecma': new Crc64().update(audio).digest(),
  };
  const serve = async (): Promise<number> =>
    await listen(
      createServer((_request, response) => {
        response.writeHead(200, headers);
        response.end(audio);
      }),
    );
  return { ports: [await serve(), await serve()], fileBytes: audio.length };
}

/**
 * A storage that takes connections and never answers: the archiver's places are taken and it does no work,
 * so that a row about receiving compares the same work as its baselines, which download nothing.
 */
export async function serveSilence(): Promise<Port> {
  return {
    port: await listen(createSocketServer((socket) => socket.resume().on('error', () => socket.destroy()))),
  };
}

/** How long audio of about this many bytes sounds: what the call's `duration` should say. */
export function secondsOf(fileBytes: number): number {
  return Math.round(fileBytes / sampleRate);
}

/** A-law, mono. */
export function makeAudio(seconds: number): Buffer {
  const frames = seconds * sampleRate;
  const header = wavHeader({ codec: 'alaw', channels: 1 }, frames);
  const samples = Buffer.alloc(frames);
  // No silence and no pattern that anything on the way could make short.
  for (let at = 0, state = 1; at < frames; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    samples[at] = state >>> 24;
  }
  return Buffer.concat([header, samples]);
}
