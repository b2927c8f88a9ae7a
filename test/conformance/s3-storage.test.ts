import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import {
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFaultyProxy } from '../support/faulty-proxy.js';
import { useS3Server } from '../support/s3-server.js';
import { openTestS3, type OpenedS3, type S3Setup } from '../support/s3-storage-under-test.js';
import { describeStorage } from './describe-storage.js';

const server = useS3Server();

describeStorage('an S3 server, the bucket in the path', () => openTestS3(server()));

describeStorage('an S3 server, the bucket in the host name', () =>
  openTestS3(server(), {
    endpoint: `http://${server().dnsName}:${server().port}`,
    parameters: { pathStyle: 'false' },
  }),
);

const mebibyte = 1024 * 1024;
const patterned = (bytes: number) =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 13)) % 251));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('an object', () => {
  const opened: OpenedS3[] = [];
  const open = async (setup?: S3Setup): Promise<OpenedS3> => {
    const s3 = await openTestS3(server(), setup);
    opened.push(s3);
    return s3;
  };
  afterEach(async () => {
    for (const s3 of opened.splice(0)) await s3.close();
  });

  const keep = async ({ storage }: OpenedS3, name: string, bytes: Uint8Array, known = sha256(bytes)) => {
    const draft = await storage.openDraft('r1');
    await draft.write(bytes);
    await draft.commit(name, { sha256: known }).catch(async (error: unknown) => {
      await draft.abandon();
      throw error;
    });
  };
  const keysIn = async (Bucket: string) =>
    ((await server().client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);
  const uploadsIn = async (Bucket: string) =>
    (await server().client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];
  const bytesOf = async ({ storage }: OpenedS3, name: string, range?: { start: number; end: number }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await storage.read(name, range)) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  };

  it('is gone with all its versions where the bucket keeps them, and its neighbours stay', async () => {
    const s3 = await open({ prefix: 'v' });
    const Bucket = s3.bucket;
    const { client } = server();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const name = '2025-05-22/a.wav';
    for (const text of ['one', 'two']) await keep(s3, name, Buffer.from(text));
    await keep(s3, `${name}x`, Buffer.from('a neighbour'));
    await s3.storage.remove(name);
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    expect(Versions.map(({ Key }) => Key)).toEqual([`v/${name}x`]);
    expect(DeleteMarkers).toEqual([]);
    await s3.storage.remove(name);
    expect(await s3.storage.size(name)).toBeUndefined();
  });

  it('is not said to be deleted where its versions may not be', async () => {
    const proxy = await openFaultyProxy(server().port);
    const s3 = await open({ endpoint: proxy.origin });
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await server().client.send(
      new PutBucketVersioningCommand({ Bucket: s3.bucket, VersioningConfiguration }),
    );
    await keep(s3, '2025-05-22/a.wav', Buffer.from('one'));
    proxy.fault = ({ url }) =>
      url.includes('versions')
        ? { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }
        : undefined;
    await expect(s3.storage.remove('2025-05-22/a.wav')).rejects.toThrow(
      /keeps versions.*s3:DeleteObjectVersion/,
    );
    await proxy.close();
  });

  it('says what it is: type, name, digest', async () => {
    const s3 = await open();
    await keep(s3, '2025-05-22/1001_2002-r1.mp3', Buffer.from('audio'));
    const Key = 'calls/2025-05-22/1001_2002-r1.mp3';
    expect(await server().client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key }))).toMatchObject({
      ContentType: 'audio/mpeg',
      ContentDisposition: 'inline; filename="1001_2002-r1.mp3"',
      Metadata: { sha256: sha256(Buffer.from('audio')) },
    });
  });

  it.each([
    ['a part', 5 * mebibyte],
    ['a part and a byte', 5 * mebibyte + 1],
    ['many parts', 17 * mebibyte + 77],
  ])('of %s holds every byte, can be read in part, and leaves no upload open', async (_, size) => {
    const s3 = await open({ parameters: { partMiB: '5' } });
    const bytes = patterned(size);
    await keep(s3, '2025-05-22/a-r1.wav', bytes);
    expect((await bytesOf(s3, '2025-05-22/a-r1.wav')).equals(bytes)).toBe(true);
    const range = { start: 5 * mebibyte - 10, end: size - 1 };
    expect((await bytesOf(s3, '2025-05-22/a-r1.wav', range)).equals(bytes.subarray(range.start))).toBe(true);
    expect(await uploadsIn(s3.bucket)).toEqual([]);
    expect(await readdir(s3.stagingDir)).toEqual([]);
  });

  it.each([100, 12 * mebibyte])('is never made of a draft that was damaged (%i bytes)', async (size) => {
    const s3 = await open({ parameters: { partMiB: '5' } });
    const lie = sha256(Buffer.from('what was downloaded'));
    const kept = keep(s3, '2025-05-22/a-r1.wav', patterned(size), lie);
    await expect(kept).rejects.toMatchObject({ code: 'draft-damaged' });
    expect([await keysIn(s3.bucket), await uploadsIn(s3.bucket)]).toEqual([[], []]);
  });

  it('lies where the template says', async () => {
    const key = 'by-day/{year}/{month}/{day}/{name}';
    const s3 = await open({ prefix: '', parameters: { key } });
    await keep(s3, '2025-05-22/a-r1.wav', Buffer.from('audio'));
    expect(await keysIn(s3.bucket)).toEqual(['by-day/2025/05/22/a-r1.wav']);
    expect(await s3.storage.size('2025-05-22/a-r1.wav')).toBe(5);
    await expect(s3.storage.size('elsewhere/a-r1.wav')).rejects.toMatchObject({ code: 'bad-name' });
  });

  it('is read by a link that leads to the storage, where the URL asks for it', async () => {
    const s3 = await open({ parameters: { redirect: 'presigned' } });
    await keep(s3, '2025-05-22/a-r1.wav', Buffer.from('0123456789'));
    const link = await s3.storage.presign?.('2025-05-22/a-r1.wav', {
      ...{ expiresInSeconds: 60, contentType: 'audio/wav' },
      contentDisposition: 'inline; filename="shown.wav"',
    });
    const response = await fetch(link ?? '', { headers: { range: 'bytes=2-4' } });
    expect([response.status, await response.text()]).toEqual([206, '234']);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('content-disposition')).toBe('inline; filename="shown.wav"');
    expect((await open()).storage.presign).toBeUndefined();
  });

  it('is not read on when its reader goes away', async () => {
    const s3 = await open();
    await keep(s3, '2025-05-22/a-r1.wav', patterned(8 * mebibyte));
    for (let reader = 0; reader < 300; reader++) {
      const stream = await s3.storage.read('2025-05-22/a-r1.wav');
      stream.destroy();
    }
    expect((await bytesOf(s3, '2025-05-22/a-r1.wav')).length).toBe(8 * mebibyte);
  });

  it('of which a dead process had begun to send parts is forgotten after a while, below our prefix alone', async () => {
    const s3 = await open();
    const begin = (Key: string) =>
      server().client.send(new CreateMultipartUploadCommand({ Bucket: s3.bucket, Key }));
    await begin('calls/2025-05-22/ours.wav');
    await begin('others/theirs.wav');
    await s3.storage.sweepDrafts(Date.now() - 3_600_000);
    expect(await uploadsIn(s3.bucket)).toHaveLength(2);
    await s3.storage.sweepDrafts(Date.now() + 3_600_000);
    expect((await uploadsIn(s3.bucket)).map(({ Key }) => Key)).toEqual(['others/theirs.wav']);
  });

  it('of a commit that was stopped is not there, and its draft can be committed again', async () => {
    const s3 = await open({ parameters: { partMiB: '5' } });
    const draft = await s3.storage.openDraft('r1');
    await draft.write(patterned(12 * mebibyte));
    const stopped = draft.commit('2025-05-22/a-r1.wav', { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'io-failed' });
    expect([await keysIn(s3.bucket), await uploadsIn(s3.bucket)]).toEqual([[], []]);
    await draft.commit('2025-05-22/a-r1.wav');
    expect(await s3.storage.size('2025-05-22/a-r1.wav')).toBe(12 * mebibyte);
  });

  it('of 300 MB goes to the storage and comes back with memory flat', async () => {
    const s3 = await open();
    const bytes = 300 * 1000 * 1000;
    const chunk = patterned(100_000);
    const peak = watchMemory();
    const draft = await s3.storage.openDraft('r1');
    for (let at = 0; at < bytes; at += chunk.length) await draft.write(chunk);
    await draft.commit('2025-05-22/a-r1.wav');
    let read = 0;
    for await (const part of await s3.storage.read('2025-05-22/a-r1.wav')) read += (part as Buffer).length;
    expect(read).toBe(bytes);
    expect(peak()).toBeLessThan(120 * mebibyte);
  });
});

/** How much more memory was in use at most, in bytes, since this was called. */
function watchMemory(): () => number {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, used())), 20);
  return () => {
    clearInterval(timer);
    return most - before;
  };
}

describe('a server that is not as it should be', () => {
  let s3: OpenedS3;
  beforeEach(async () => {
    s3 = await openTestS3(server());
  });
  afterEach(() => s3.close());

  it('is told by kind, and no key is in what is said', async () => {
    const absent = await openTestS3(server(), { bucket: 'nobody-made-this', stagingDir: s3.stagingDir });
    const draft = await absent.storage.openDraft('r1');
    await draft.write(Buffer.from('audio'));
    const error = await draft.commit('2025-05-22/a-r1.wav').catch((thrown: unknown) => thrown as Error);
    await draft.abandon();
    expect(error).toMatchObject({ code: 'io-failed', message: 'keeping an asset: NoSuchBucket (404)' });
    expect(String((error as Error).stack)).not.toContain(server().accessKeyId);
    expect((error as Error).cause).toBeUndefined();
  });

  it('does not mind an object that somebody else put there', async () => {
    const Key = 'calls/2025-05-22/a-r1.wav';
    await server().client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: 'theirs' }));
    const draft = await s3.storage.openDraft('r1');
    await draft.write(Buffer.from('ours, and longer'));
    await draft.commit('2025-05-22/a-r1.wav');
    expect(await s3.storage.size('2025-05-22/a-r1.wav')).toBe(16);
  });
});
