import type { ServerResponse } from 'node:http';
import type { Wait } from '../wait.js';

/** Writes every chunk at the speed the peer reads; false: the peer went away in the middle. */
export async function writeChunks(response: ServerResponse, chunks: Iterable<Uint8Array>): Promise<boolean> {
  for (const chunk of chunks) {
    if (response.destroyed) return false;
    if (!response.write(chunk)) await drained(response);
  }
  return !response.destroyed;
}

/** The same, in pieces of `pieceBytes` with a wait after each. */
export async function dripChunks(
  response: ServerResponse,
  chunks: Iterable<Uint8Array>,
  drip: { pieceBytes: number; pauseMs: number; wait: Wait; signal: AbortSignal },
): Promise<boolean> {
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += drip.pieceBytes) {
      if (response.destroyed || drip.signal.aborted) return false;
      response.write(chunk.subarray(start, start + drip.pieceBytes));
      await drip.wait(drip.pauseMs, drip.signal);
    }
  }
  return !response.destroyed;
}

/** Ends an answer properly; false: the peer went away before the last byte was handed over. */
export function endAnswer(response: ServerResponse, body?: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve(false);
      return;
    }
    response.once('close', () => {
      resolve(response.writableFinished);
    });
    response.once('finish', () => {
      resolve(true);
    });
    response.end(body);
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
