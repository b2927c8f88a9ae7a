import type { Socket } from 'node:net';
import fc from 'fast-check';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalPeers } from '../../test/support/local-peers.js';
import { ask, openTestClient, readAll } from '../../test/support/test-client.js';
import { connectPassingOverInterim, InterimAnswers } from './interim-answers.js';

const peers = createLocalPeers();
const { client } = openTestClient();
afterEach(() => peers.close());

const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX: HTTP/1.1 100\r\n\r\n';
const bodyLike = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 OK\r\n\r\n';
const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${bodyLike.length}\r\n\r\n${bodyLike}`;

/** Writes the packets one by one, each after the one before has left. */
async function serve(...packets: string[]): Promise<number> {
  const write = (socket: Socket, rest: readonly string[]): void => {
    const [packet, ...others] = rest;
    if (packet === undefined) return;
    socket.setNoDelay(true).write(packet, () => setTimeout(() => write(socket, others), 2));
  };
  return await peers.servePlain((socket) => {
    socket.on('data', (chunk: Buffer) => {
      if (/^(GET|POST) /.test(chunk.toString('latin1'))) write(socket, packets);
    });
  });
}

describe('an interim answer that nobody asked for', () => {
  it.each([
    ['in one packet with the answer', [interim + answer]],
    ['in a packet before it', [interim, answer]],
    ['many in one packet', [interim.repeat(50) + answer]],
    ['many of every kind, each in its packet', [interim, early, interim, 'HTTP/1.1 102 P\r\n\r\n', answer]],
    ['cut within its status', ['HTTP/1', '.1 10', '0', ' Continue\r', '\n\r', `\n${answer}`]],
    ['one byte at a time', (interim + early + interim + answer).split('')],
    [
      'with headers of its own',
      [`HTTP/1.1 100 Go\r\nContent-Length: 5\r\nConnection: close\r\n\r\n${answer}`],
    ],
    ['without words', [`HTTP/1.1 100 \r\n\r\n${answer}`]],
    ['by a server of HTTP/1.0', [`HTTP/1.0 100 Continue\r\n\r\n${answer}`]],
  ])('is passed over: %s', async (_, packets) => {
    const url = `http://127.0.0.1:${await serve(...packets)}/`;
    // The second request has the connection of the first, where that was kept.
    for (let round = 0; round < 2; round++) {
      for (const more of [{}, { method: 'POST', body: 'x'.repeat(70_000), isRepeatable: true } as const]) {
        const { status, body } = await ask(client, url, more);
        expect([status, await readAll(body)]).toEqual([200, bodyLike]);
      }
    }
  });

  it('is passed over by the simulated sender and the examination, too', async () => {
    const agent = new Agent({ pipelining: 1, connect: connectPassingOverInterim });
    const url = `http://127.0.0.1:${await serve(interim + early, interim + answer)}/`;
    for (let round = 0; round < 3; round++) {
      const { statusCode, body } = await request(url, { method: 'POST', body: 'x', dispatcher: agent });
      expect([statusCode, await body.text()]).toEqual([200, bodyLike]);
    }
    await agent.destroy();
  });

  it('leads nowhere where another protocol would follow', async () => {
    const port = await serve('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
    await expect(ask(client, `http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('is all that is taken out, wherever the bytes are cut', () => {
    const heads = fc.array(fc.constantFrom(interim, early), { maxLength: 4 });
    fc.assert(
      fc.property(heads, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (before, sizes) => {
        const bytes = Buffer.from(before.join('') + answer);
        const answers = new InterimAnswers();
        const passed: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          passed.push(answers.pass(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(Buffer.concat(passed).toString()).toBe(answer);
      }),
    );
  });
});
