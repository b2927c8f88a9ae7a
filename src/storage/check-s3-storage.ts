import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Clock } from '../domain/clock.js';
import { probeContent, type StorageCheck } from './probe-storage.js';
import { connectToS3, type S3Access, type S3Connection } from './s3-client.js';
import { deleteObject, readBody } from './s3-objects.js';
import { isS3Full, isTooMuchAtOnce, readS3Failure, tooMuchAtOnce } from './s3-error.js';
import { parseS3Url, type S3Place } from './s3-url.js';
import { StorageError } from './asset-storage.js';

export interface S3Check extends S3Access {
  readonly url: string;
  /** Part of the name of the object that is written: no other check that runs may have the same. */
  readonly probeId: string;
  readonly clock: Clock;
}

type Wrong = NonNullable<StorageCheck['wrong']>;

/**
 * Writes, reads and removes an object of the size of a part: what lets only small things through must not pass.
 * The last answer with a `Date` tells the storage's clock.
 */
export async function checkS3Storage({ url, probeId, clock, ...access }: S3Check): Promise<StorageCheck> {
  const place = parseS3Url(url);
  const s3 = connectToS3(place, access);
  const { client } = s3;
  const body = Buffer.concat([...probeContent(place.partBytes)]);
  // A leading dot: no asset has such a name.
  const name = { Bucket: place.bucket, Key: `${place.prefix}.earshot-probe-${probeId}` };
  let clockAheadMs: number | undefined;
  const onDate = (at: number): void => {
    // A `Date` is cut to whole seconds.
    clockAheadMs = at + 500 - clock();
  };
  noteDates(client, onDate);
  noteDates(s3.sender, onDate);
  try {
    const wrong =
      (await tryTo('be written', place, () => write(s3, name, place, body))) ??
      (await tryTo('be read', place, () => read(client, name, body))) ??
      (await tryTo('be cleared of what was written', place, () => deleteObject(client, name)));
    return { ...(wrong ? { wrong } : {}), ...(clockAheadMs === undefined ? {} : { clockAheadMs }) };
  } finally {
    client.destroy();
    s3.sender.destroy();
  }
}

/** Told of each answer as it comes, be it a refusal. */
function noteDates({ middlewareStack }: S3Client, onDate: (at: number) => void): void {
  middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { headers?: Readonly<Record<string, string>> };
      const at = Date.parse(headers?.['date'] ?? '');
      if (!Number.isNaN(at)) onDate(at);
      return answer;
    },
    { step: 'deserialize', priority: 'low' },
  );
}

interface ProbeName {
  readonly Bucket: string;
  readonly Key: string;
}

async function write(
  s3: S3Connection,
  name: ProbeName,
  { encryption }: S3Place,
  body: Buffer,
): Promise<void> {
  const command = new PutObjectCommand({
    ...name,
    Body: body,
    ContentMD5: createHash('md5').update(body).digest('base64'),
    ContentType: 'application/octet-stream',
    ...(encryption ? { ServerSideEncryption: encryption.kind } : {}),
    ...(encryption?.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
  });
  await s3.sender.send(command, { requestTimeout: s3.requestMs(body.length) });
}

async function read(client: S3Client, name: ProbeName, body: Buffer): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand(name));
  const sha256 = createHash('sha256');
  for await (const chunk of readBody(Body)) sha256.update(chunk);
  if (sha256.digest('hex') !== createHash('sha256').update(body).digest('hex'))
    throw Object.assign(new Error(), { code: 'other-content' });
}

async function tryTo(act: string, place: S3Place, work: () => Promise<void>): Promise<Wrong | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return explain(act, place, error);
  }
}

function explain(act: string, place: S3Place, error: unknown): Wrong {
  const other = (sentence: string): Wrong => ({ fault: 'other', sentence });
  const keys = (sentence: string): Wrong => ({ fault: 'keys', sentence });
  const { bucket, endpoint = "Amazon's S3", partBytes } = place;
  if (error instanceof StorageError)
    return other(`The bucket "${bucket}" could not ${act}: ${error.message}.`);
  const { code, status } = readS3Failure(error);
  if (isS3Full(error))
    return other(
      `There is no space left in the bucket "${bucket}" (${code}): remove what is not needed, or raise its quota.`,
    );
  if (isTooMuchAtOnce(error))
    return other(`The bucket "${bucket}" could not ${act} (413): ${tooMuchAtOnce(partBytes)}.`);
  switch (code) {
    case 'NoSuchBucket':
      return { fault: 'bucket-missing', sentence: `The bucket "${bucket}" does not exist at ${endpoint}.` };
    case 'AccessDenied':
    case 'AllAccessDisabled':
      return keys(`The bucket "${bucket}" may not ${act} with the keys that Earshot has (${code}).`);
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'ExpiredToken':
      return keys(`${endpoint} does not accept the keys that Earshot has (${code}).`);
    case 'CredentialsProviderError':
      return keys(
        'There are no keys for the object storage: set EARSHOT_S3_ACCESS_KEY_ID and EARSHOT_S3_SECRET_ACCESS_KEY.',
      );
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return other(`The bucket "${bucket}" is in another region, or at another endpoint (${code}).`);
    case 'SecondLevelDomainForbidden':
    case 'VirtualHostDomainRequired':
    case 'PathStyleAccessForbidden':
    case 'PathStyleDomainForbidden':
      return other(
        `${endpoint} wants the bucket in the host name (${code}): put pathStyle=false into EARSHOT_STORAGE_URL.`,
      );
    case 'other-content':
      return other(`What was written to the bucket "${bucket}" is read as something else.`);
    default:
      return status === undefined
        ? { fault: 'unreachable', sentence: `${endpoint} cannot be reached (${code}).` }
        : other(`The bucket "${bucket}" could not ${act}: ${code} (${status}).`);
  }
}
