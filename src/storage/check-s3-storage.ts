import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { connectToS3, type S3Access } from './s3-client.js';
import { readS3Failure } from './s3-error.js';
import { parseS3Url, type S3Place } from './s3-url.js';

export interface S3Check extends S3Access {
  readonly url: string;
  /** Part of the name of the object that is written: no other check that runs may have the same. */
  readonly probeId: string;
}

const probeBody = 'written to find out whether recordings can be kept here; may be deleted';

/**
 * Writes, reads and removes a small object. Undefined when recordings can be kept; else a sentence that says what is
 * wrong, and never a key.
 */
export async function checkS3Storage({ url, probeId, ...access }: S3Check): Promise<string | undefined> {
  const place = parseS3Url(url);
  const { client } = connectToS3(place, access);
  // A leading dot: no asset has such a name.
  const name = { Bucket: place.bucket, Key: `${place.prefix}.earshot-probe-${probeId}` };
  try {
    return (
      (await tryTo('be written', place, () => write(client, name, place))) ??
      (await tryTo('be read', place, () => read(client, name))) ??
      (await tryTo('be cleared of what was written', place, () => remove(client, name)))
    );
  } finally {
    client.destroy();
  }
}

interface ProbeName {
  readonly Bucket: string;
  readonly Key: string;
}

async function write(client: S3Client, name: ProbeName, { encryption }: S3Place): Promise<void> {
  const command = new PutObjectCommand({
    ...name,
    Body: probeBody,
    ContentType: 'text/plain',
    ...(encryption ? { ServerSideEncryption: encryption.kind } : {}),
    ...(encryption?.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
  });
  await client.send(command);
}

async function read(client: S3Client, name: ProbeName): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand(name));
  if ((await Body?.transformToString()) !== probeBody)
    throw Object.assign(new Error(), { code: 'other-content' });
}

async function remove(client: S3Client, name: ProbeName): Promise<void> {
  await client.send(new DeleteObjectCommand(name));
}

async function tryTo(act: string, place: S3Place, work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return explain(act, place, error);
  }
}

function explain(act: string, { bucket, endpoint = "Amazon's S3" }: S3Place, error: unknown): string {
  const { code, status } = readS3Failure(error);
  switch (code) {
    case 'NoSuchBucket':
      return `The bucket "${bucket}" does not exist at ${endpoint}.`;
    case 'AccessDenied':
    case 'AllAccessDisabled':
      return `The bucket "${bucket}" may not ${act} with the keys that Earshot has (${code}).`;
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'ExpiredToken':
      return `${endpoint} does not accept the keys that Earshot has (${code}).`;
    case 'CredentialsProviderError':
      return 'There are no keys for the object storage: set EARSHOT_S3_ACCESS_KEY_ID and EARSHOT_S3_SECRET_ACCESS_KEY.';
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return `The bucket "${bucket}" is in another region, or at another endpoint (${code}).`;
    case 'other-content':
      return `What was written to the bucket "${bucket}" is read as something else.`;
    default:
      return status === undefined
        ? `${endpoint} cannot be reached (${code}).`
        : `The bucket "${bucket}" could not ${act}: ${code} (${status}).`;
  }
}
