import { createServer } from 'node:net';
import { listen, type Port } from '../process/listen.js';

const answer = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n' +
    '{"code":0,"msg":"Received successfully"}',
);

/** The least that can answer a push: counts bytes. It shows what the load generator itself can do. */
export async function serveTrivial(): Promise<Port> {
  const server = createServer({ noDelay: true }, (socket) => {
    let missing = 0;
    socket.on('data', (chunk) => {
      if (missing === 0) {
        const head = chunk.indexOf('\r\n\r\n');
        missing =
          head + 4 + Number(/content-length: (\d+)/i.exec(chunk.toString('latin1', 0, head))?.[1] ?? 0);
      }
      missing -= chunk.length;
      if (missing === 0) socket.write(answer);
    });
    socket.on('error', () => socket.destroy());
  });
  return { port: await listen(server) };
}
