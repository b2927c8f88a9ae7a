import { createHash } from 'node:crypto';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFaultyProxy, type Fault, type FaultyProxy } from '../support/faulty-proxy.js';
import { useS3Server } from '../support/s3-server.js';
import { openTestS3, type OpenedS3 } from '../support/s3-storage-under-test.js';

// What a commit makes of a storage that fails: for real, between the client and a real server.

const server = useS3Server();
const name = '2025-05-22/1001_2002-r1.wav';
const mebibyte = 1024 * 1024;
const old = Buffer.from('what was there before');
/** Three parts, and one. */
const sizes = { large: 12 * mebibyte + 5, small: 200_000 };

let proxy: FaultyProxy;
let s3: OpenedS3;
let direct: OpenedS3;
beforeEach(async () => {
  proxy = await openFaultyProxy(server().port);
  direct = await openTestS3(server());
  s3 = await openTestS3(server(), {
    ...{ endpoint: proxy.origin, bucket: direct.bucket, stagingDir: direct.stagingDir },
    ...{ parameters: { partMiB: '5' }, answerMs: 700 },
  });
});
afterEach(async () => {
  await proxy.close();
  await direct.close();
});

const bytesOf = (size: number) => Buffer.alloc(size, 'a recording, in some detail; ');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function seen(): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await direct.storage.read(name)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function openUploads(): Promise<number> {
  const command = new ListMultipartUploadsCommand({ Bucket: direct.bucket });
  return (await server().client.send(command)).Uploads?.length ?? 0;
}

async function keepOld(): Promise<void> {
  const draft = await direct.storage.openDraft('r0');
  await draft.write(old);
  await draft.commit(name);
}

async function openWhole(size: number) {
  const bytes = bytesOf(size);
  const draft = await s3.storage.openDraft('r1');
  await draft.write(bytes);
  return { bytes, draft, commit: () => draft.commit(name, { sha256: sha256(bytes) }) };
}

/** The first so many requests that write. */
function faultyAtFirst(fault: Fault, count: number): void {
  let left = count;
  proxy.fault = ({ method, url }) => {
    const isBody = method === 'PUT' || (method === 'POST' && url.includes('uploadId='));
    return isBody && left-- > 0 ? fault : undefined;
  };
}

const passing: readonly (readonly [string, Fault])[] = [
  ['hangs up', 'hang-up'],
  ['answers 503', { status: 503 }],
  ['answers 500', { status: 500 }],
  ['is silent', 'silence'],
  ['is slow', { delayMs: 400 }],
  ['loses the connection in the middle of a part', 'cut'],
  ['does what it is told, and its answer is lost', 'lose-answer'],
];

describe.each(Object.entries(sizes))('a %s recording, while the storage', (_, size) => {
  it.each(passing)('%s for a moment, is kept whole', async (_name, fault) => {
    const { bytes, commit } = await openWhole(size);
    faultyAtFirst(fault, 2);
    await commit();
    expect((await seen()).equals(bytes)).toBe(true);
    expect(await openUploads()).toBe(0);
  });

  it.each(
    passing.filter(
      ([, fault]) => fault !== 'lose-answer' && !(typeof fault === 'object' && 'delayMs' in fault),
    ),
  )('%s for long, is not to be seen; then it is committed as it is', async (_name, fault) => {
    await keepOld();
    const { bytes, commit } = await openWhole(size);
    faultyAtFirst(fault, Infinity);
    await expect(commit()).rejects.toMatchObject({ code: 'io-failed' });
    expect((await seen()).equals(old)).toBe(true);
    proxy.fault = () => undefined;
    await commit();
    expect((await seen()).equals(bytes)).toBe(true);
  });

  it('is reached by other bytes than were sent, is refused by it', async () => {
    await keepOld();
    const { bytes, commit } = await openWhole(size);
    faultyAtFirst('corrupt', Infinity);
    await expect(commit()).rejects.toMatchObject({ code: 'io-failed' });
    expect((await seen()).equals(old)).toBe(true);
    proxy.fault = () => undefined;
    await commit();
    expect((await seen()).equals(bytes)).toBe(true);
    expect(await openUploads()).toBe(0);
  });
});

describe('the end of an upload', () => {
  it.each([
    ['is lost on the way', 'hang-up'],
    ['is carried out without an answer', 'lose-answer'],
  ] as const)('that %s leaves the recording whole', async (_name, fault) => {
    const { bytes, commit } = await openWhole(sizes.large);
    let left = 1;
    proxy.fault = ({ method, url }) =>
      method === 'POST' && url.includes('uploadId=') && left-- > 0 ? fault : undefined;
    await commit();
    expect((await seen()).equals(bytes)).toBe(true);
  });

  it('is not taken for one before the storage says what it has', async () => {
    const { commit } = await openWhole(sizes.small);
    proxy.fault = ({ method }) => (method === 'HEAD' ? { status: 500 } : undefined);
    await expect(commit()).rejects.toMatchObject({ code: 'io-failed' });
    proxy.fault = () => undefined;
    await commit();
  });
});

describe('a reader', () => {
  it('hears that the storage broke off', async () => {
    const draft = await direct.storage.openDraft('r1');
    await draft.write(bytesOf(sizes.large));
    await draft.commit(name);
    proxy.fault = () => 'hang-up';
    await expect(s3.storage.read(name)).rejects.toMatchObject({ code: 'io-failed' });
    await expect(s3.storage.size(name)).rejects.toMatchObject({ code: 'io-failed' });
  });
});
