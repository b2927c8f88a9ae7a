import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createLocalPeers } from '../../../test/support/local-peers.js';
import { createHostFilter } from '../../domain/host-pattern.js';
import { createDemoWayOut } from './demo-way-out.js';

const peers = createLocalPeers();
afterEach(() => peers.close());
const patience = { headTimeoutMs: 2_000, idleTimeoutMs: 2_000, totalTimeoutMs: 2_000 };

it('leads to one port of this machine while it is open, and the usual way to everything else', async () => {
  const port = await peers.listen(createServer((_request, response) => response.end('demo')));
  const asked: string[] = [];
  const usual = {
    request: (request: { readonly url: string }) => {
      asked.push(request.url);
      return Promise.reject(new Error('the usual way'));
    },
  };
  const wayOut = createDemoWayOut(usual, createHostFilter(['*.example']));
  const ask = (url: string) => wayOut.client.request({ url, ...patience });
  const here = `http://127.0.0.1:${port}/x?y=%2B`;

  await expect(ask(here)).rejects.toThrow('the usual way');
  expect(wayOut.allowsHost('127.0.0.1', port)).toBe(false);

  wayOut.open(port);
  expect((await ask(here)).status).toBe(200);
  expect(wayOut.allowsHost('127.0.0.1', port)).toBe(true);
  expect(wayOut.allowsHost('127.0.0.1', port + 1)).toBe(false);
  expect(wayOut.allowsHost('a.example', 80)).toBe(true);
  const others = [`http://127.0.0.1:${port + 1}/`, `http://localhost:${port}/`, `https://127.0.0.1:${port}/`];
  for (const url of others) await expect(ask(url)).rejects.toThrow('the usual way');
  expect(asked).toEqual([here, ...others]);

  wayOut.open(undefined);
  await expect(ask(here)).rejects.toThrow('the usual way');
  wayOut.close();
});
