import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { checkS3Storage, type S3Check } from '../../src/storage/check-s3-storage.js';
import { takeFreePorts } from '../support/free-ports.js';
import { useS3Server } from '../support/s3-server.js';

const server = useS3Server();

async function check(bucket: string, more: Partial<S3Check> & { readonly endpoint?: string } = {}) {
  const { endpoint = server().origin, ...access } = more;
  const { accessKeyId, secretAccessKey } = server();
  const url = `s3://${bucket}/calls?endpoint=${endpoint}`;
  return checkS3Storage({ url, probeId: 'test', accessKeyId, secretAccessKey, ...access });
}

it('a bucket that recordings can be kept in is well, and nothing stays in it', async () => {
  const bucket = await server().createBucket();
  expect(await check(bucket)).toBeUndefined();
  expect((await server().client.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
});

it('a bucket that is not there is named', async () => {
  expect(await check('nobody-made-this')).toBe(
    `The bucket "nobody-made-this" does not exist at ${server().origin}.`,
  );
});

it.each([
  ['id', { accessKeyId: 'AKWRONG' }, 'InvalidAccessKeyId'],
  ['secret', { secretAccessKey: 'geheim' }, 'SignatureDoesNotMatch'],
])('a wrong %s of the keys is told, and not repeated', async (_, keys, code) => {
  const sentence = await check(await server().createBucket(), keys);
  expect(sentence).toBe(`${server().origin} does not accept the keys that Earshot has (${code}).`);
});

it('a server that is not there is named', async () => {
  const [port] = await takeFreePorts(1);
  const endpoint = `http://127.0.0.1:${port ?? 0}`;
  expect(await check('recordings', { endpoint })).toBe(`${endpoint} cannot be reached (ECONNREFUSED).`);
});
