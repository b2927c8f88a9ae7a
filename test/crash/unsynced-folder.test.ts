import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRecordings } from '../support/api-reader.js';
import { isOnPath } from '../support/is-on-path.js';
import { createLocalPeers, type LocalPeers } from '../support/local-peers.js';
import { openPushSender, type PushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

let processes: ServerProcesses;
let peers: LocalPeers;
let sender: PushSender | undefined;
beforeEach(async () => {
  processes = await openServerProcesses();
  peers = createLocalPeers();
});
afterEach(async () => {
  sender?.close();
  await processes.close();
  await peers.close();
});

it('A folder for recordings that cannot be flushed is named with a remedy; pushes are taken meanwhile', async ({
  skip,
}) => {
  if (!isOnPath('strace')) return skip('skipped: strace is not on the path');
  const audio = Buffer.alloc(200_000, 0xd5);
  const port = await peers.serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'audio/x-alaw', 'content-length': audio.length }).end(audio);
  });
  const share = join(processes.dataDir, '..', 'share');
  await mkdir(share);
  const folders = [share, join(share, '.drafts'), join(share, '2025-05-22')];
  const server = processes.spawn({
    // As a share answers that makes no names durable.
    under: [
      ...['strace', '-D', '-f', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EINVAL'],
      ...folders.flatMap((folder) => ['-P', folder]),
    ],
    settings: {
      EARSHOT_STORAGE_URL: pathToFileURL(share).href,
      EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8',
      EARSHOT_RECORDING_HOSTS: '127.0.0.1',
    },
  });
  const url = await server.url;
  sender = openPushSender(url);
  const expires = Math.floor(Date.now() / 1000) + 86_400;
  const recordFile = `http://127.0.0.1:${port}/a.alaw?Expires=${expires}&Signature=s`;
  const body = JSON.stringify([
    {
      callId: '1^1',
      recordFile,
      duration: 10,
      startTime: '2025-05-22 12:29:20',
      endTime: '2025-05-22 12:29:30',
    },
  ]);
  expect(await sender.push(body)).toMatchObject({ status: 200, code: 0 });
  const [recording] = await until(
    async () => {
      const recordings = await readRecordings(url);
      return recordings[0]?.reason === 'storage-failed' && recordings;
    },
    { what: 'the recording waits' },
  );
  expect(recording).toMatchObject({ state: 'pending' });
  await until(() => server.words().includes('EARSHOT_STORAGE_URL'), { what: 'the log names the remedy' });
  expect(server.words()).toContain(`folder ${share}`);
});
