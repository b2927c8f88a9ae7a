import { createServer, type ServerResponse } from 'node:http';
import { received } from '../../src/protocol/acknowledgement.js';
import { listen, type Port } from '../process/listen.js';

/** Messages that came on each path. */
export type ReceivedCounts = Readonly<Record<string, number>>;

/** Pushes to a path that begins so are answered late, but in time. */
export const slowPath = '/slow';
const slowAnswerMs = 600;

const answer = Buffer.from(JSON.stringify(received));
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length };
const marker = Buffer.from('"callId"');

/** A receiver that counts messages and acknowledges; `GET /counts` tells how many came where. */
export async function serveReceiver(): Promise<Port> {
  const counts: Record<string, number> = {};
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (request.method === 'GET') {
      response.end(JSON.stringify(counts));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      counts[path] = (counts[path] ?? 0) + countMessages(Buffer.concat(chunks));
      if (path.startsWith(slowPath)) setTimeout(() => acknowledge(response), slowAnswerMs);
      else acknowledge(response);
    });
  });
  server.keepAliveTimeout = 75_000;
  return { port: await listen(server) };
}

function acknowledge(response: ServerResponse): void {
  response.writeHead(200, headers);
  response.end(answer);
}

function countMessages(body: Buffer): number {
  let messages = 0;
  for (let at = body.indexOf(marker); at !== -1; at = body.indexOf(marker, at + marker.length)) messages++;
  return messages;
}
