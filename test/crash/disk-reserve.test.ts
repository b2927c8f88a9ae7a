import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRecordings, readStatus, untilSettled } from '../support/api-reader.js';
import { createLocalPeers, type LocalPeers } from '../support/local-peers.js';
import { openPushSender, type PushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { openSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';

const mebibyte = 1024 * 1024;
const diskMebibytes = 96;
const recordings = 70;

let processes: ServerProcesses;
let disk: SmallDisk | undefined;
let peers: LocalPeers;
let sender: PushSender | undefined;

beforeEach(async () => {
  processes = await openServerProcesses();
  disk = await openSmallDisk(diskMebibytes);
  peers = createLocalPeers();
});

afterEach(async () => {
  sender?.close();
  await processes.close();
  await peers.close();
  await disk?.close();
});

it('Recordings leave half of a small disk to pushes, say that they wait, and go on once it has grown', async ({
  skip,
}) => {
  if (!disk) return skip('skipped: mounting a small tmpfs needs root');
  const audio = Buffer.alloc(mebibyte, 0xd5);
  const port = await peers.serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'audio/x-alaw', 'content-length': audio.length }).end(audio);
  });
  const server = processes.spawn({
    dataDir: join(disk.folder, 'data'),
    settings: { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' },
  });
  const url = await server.url;
  sender = openPushSender(url);
  const expires = Math.floor(Date.now() / 1000) + 86_400;
  for (let call = 0; call < recordings; call++) {
    const recordFile = `http://127.0.0.1:${port}/${call}.alaw?Expires=${expires}&Signature=s`;
    const body = JSON.stringify([{ callId: `1^${call}`, recordFile, duration: 10 }]);
    expect(await sender.push(body)).toMatchObject({ status: 200, code: 0 });
  }
  await untilSettled(url);
  const full = await until(
    async () => {
      const status = await readStatus(url);
      return status.storage.isFull === true && status;
    },
    { what: 'it says that there is no space for recordings' },
  );
  const isReady = async (storage?: string) => {
    const response = await fetch(`${url}/readyz`);
    return response.status === 200 && ((await response.json()) as { storage?: string }).storage === storage;
  };
  await until(() => isReady('full'), { what: 'it is ready for pushes, with a full storage' });
  expect(full.storage.reservedBytes).toBe((diskMebibytes / 2) * mebibyte);
  const { bavail, bsize } = await statfs(disk.folder);
  // What runs beside each other may take a little of it, and so may what becomes of the pushes.
  expect(bavail * bsize).toBeGreaterThan((diskMebibytes / 2 - 16) * mebibyte);
  expect(full.recordings.archived).toBeGreaterThan(10);
  expect(full.recordings).toMatchObject({ lost: 0, blocked: 0 });
  await expect.poll(() => server.words()).toContain('There is no space left for recordings');

  for (let push = 0; push < 50; push++) {
    const body = JSON.stringify([
      { callId: `2^${push}`, statusCode: '200010', filler: 'x'.repeat(64 * 1024) },
    ]);
    expect(await sender.push(body)).toMatchObject({ status: 200, code: 0 });
  }

  await disk.grow(4 * diskMebibytes);
  await until(async () => (await readRecordings(url)).every(({ state }) => state === 'archived'), {
    what: 'all are archived',
  });
  await until(() => isReady(), { what: 'it says no more that the storage is full' });
});
