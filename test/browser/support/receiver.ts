import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { createLocalPeers } from '../../support/local-peers.js';

/** What the receiver answers; a test sets it as it goes. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export const acknowledged: Answer = { status: 200, body: '{"code":0,"msg":"Received successfully"}' };
export const broken: Answer = { status: 500, body: 'the receiver is out of order' };

/** A receiver of pushes that answers what it is told to. */
export interface Receiver {
  readonly url: string;
  /** Bodies of the pushes so far. */
  readonly pushes: readonly string[];
  answer(other: Answer): void;
}

/** One receiver for the tests of a block. */
export function useReceiver(): Receiver {
  const peers = createLocalPeers();
  const pushes: string[] = [];
  let answer = acknowledged;
  let port = 0;
  beforeAll(async () => {
    port = await peers.serve((request, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        pushes.push(Buffer.concat(chunks).toString());
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });
  });
  afterAll(() => peers.close());
  return {
    get url() {
      return `http://127.0.0.1:${port}/push`;
    },
    pushes,
    answer: (other) => {
      answer = other;
    },
  };
}

/** Lets a server push to receivers of the tests. */
export const allowReceivers = { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8' };

/** A call record without a recording, as the vendor pushes it. */
export function recordOf(callId: string): string {
  return JSON.stringify([{ callId, duration: 5, startTime: '2025-05-22 12:29:20', recordFile: '' }]);
}
