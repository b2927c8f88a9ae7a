import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { checkS3Storage, type S3Check } from '../../src/storage/check-s3-storage.js';
import { openFaultyProxy } from '../support/faulty-proxy.js';
import { takeFreePorts } from '../support/free-ports.js';
import { useS3Server } from '../support/s3-server.js';

const server = useS3Server();

/** The sentence that says what is wrong. */
async function check(bucket: string, more: CheckOptions = {}) {
  return (await checkAll(bucket, more)).wrong?.sentence;
}

type CheckOptions = Partial<S3Check> & { readonly endpoint?: string };

async function checkAll(bucket: string, more: CheckOptions = {}) {
  const { endpoint = server().origin, ...access } = more;
  const { accessKeyId, secretAccessKey } = server();
  const url = `s3://${bucket}/calls?endpoint=${endpoint}`;
  const clock = (): number => Date.now();
  return checkS3Storage({ url, clock, probeId: 'test', accessKeyId, secretAccessKey, ...access });
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

it('a proxy that lets only small things through is told of, with its limit', async () => {
  const proxy = await openFaultyProxy(server().port);
  proxy.fault = ({ bytes }) =>
    bytes > 1024 * 1024
      ? { status: 413, body: '<html><h1>413 Request Entity Too Large</h1></html>' }
      : undefined;
  const sentence = await check(await server().createBucket(), { endpoint: proxy.origin });
  await proxy.close();
  expect(sentence).toMatch(/413.*8\.0 MiB at once.*client_max_body_size.*partMiB/);
});

it.each([
  ['a quota', { status: 403, body: '<Error><Code>QuotaExceeded</Code><Message>Full.</Message></Error>' }],
  ['any 507', { status: 507, body: 'full' }],
])('a bucket that is full by %s is told so', async (_, fault) => {
  const proxy = await openFaultyProxy(server().port);
  proxy.fault = ({ method }) => (method === 'PUT' ? fault : undefined);
  const bucket = await server().createBucket();
  const sentence = await check(bucket, { endpoint: proxy.origin });
  await proxy.close();
  expect(sentence).toContain(`There is no space left in the bucket "${bucket}"`);
});

it('a storage that wants the bucket in the host name is told of, with the parameter', async () => {
  const proxy = await openFaultyProxy(server().port);
  proxy.fault = () => ({ status: 403, body: '<Error><Code>SecondLevelDomainForbidden</Code></Error>' });
  const sentence = await check('recordings', { endpoint: proxy.origin });
  await proxy.close();
  expect(sentence).toContain('pathStyle=false');
});

it.each([
  ['a bucket that is well', false, undefined],
  ['a refusal', true, 'bucket-missing'],
])("%s tells the storage's clock", async (_, isMissing, fault) => {
  const bucket = isMissing ? 'nobody-made-this' : await server().createBucket();
  const dayMs = 86_400_000;
  // Signatures are made by the machine's clock: it is right, and only what compares is not.
  const { clockAheadMs, wrong } = await checkAll(bucket, { clock: () => Date.now() - dayMs });
  expect(wrong?.fault).toBe(fault);
  expect(Math.abs((clockAheadMs ?? 0) - dayMs)).toBeLessThan(60_000);
});

it('says what stands in the way by a code', async () => {
  const [port] = await takeFreePorts(1);
  const bucket = await server().createBucket();
  const faultOf = async (more: CheckOptions) => (await checkAll(bucket, more)).wrong?.fault;
  expect(await faultOf({ secretAccessKey: 'geheim' })).toBe('keys');
  expect(await faultOf({ endpoint: `http://127.0.0.1:${port ?? 0}` })).toBe('unreachable');
});
