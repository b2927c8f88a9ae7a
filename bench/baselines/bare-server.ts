import { createServer } from 'node:http';
import { received } from '../../src/protocol/acknowledgement.js';
import { listen, type Port } from '../process/listen.js';

const answer = Buffer.from(JSON.stringify(received));
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length };

/** The baseline `bare`: Node's HTTP server, which reads a push, parses its JSON, answers and keeps nothing. */
export async function serveBare(): Promise<Port> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const messages = JSON.parse(Buffer.concat(chunks).toString()) as unknown[];
      response.writeHead(Array.isArray(messages) ? 200 : 400, headers);
      response.end(answer);
    });
  });
  server.keepAliveTimeout = 75_000;
  return { port: await listen(server) };
}
