import { mkdtemp, rm } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssetStorage } from '../../src/storage/asset-storage.js';
import { openS3Storage } from '../../src/storage/s3-storage.js';
import type { S3Server } from './s3-server.js';

export interface OpenedS3 {
  readonly storage: AssetStorage;
  readonly bucket: string;
  readonly stagingDir: string;
  readonly url: string;
  close(): Promise<void>;
}

export interface S3Setup {
  /** Of the server, unless something stands before it. */
  readonly endpoint?: string;
  readonly prefix?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly bucket?: string;
  readonly stagingDir?: string;
  /** Patience of the client with a server that is silent. */
  readonly answerMs?: number;
}

/** Every name leads to this machine. */
const lookupHere: LookupFunction = (_name, options, done) => {
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};

/** A storage over a bucket of its own. */
export async function openTestS3(server: S3Server, setup: S3Setup = {}): Promise<OpenedS3> {
  const bucket = setup.bucket ?? (await server.createBucket());
  const stagingDir = setup.stagingDir ?? (await mkdtemp(join(tmpdir(), 'earshot-staging-')));
  const query = new URLSearchParams({ endpoint: setup.endpoint ?? server.origin, ...setup.parameters });
  const url = `s3://${bucket}/${setup.prefix ?? 'calls'}?${query.toString()}`;
  const { accessKeyId, secretAccessKey } = server;
  return {
    storage: await openS3Storage({
      ...{ url, accessKeyId, secretAccessKey, stagingDir, lookup: lookupHere },
      ...(setup.answerMs === undefined ? {} : { answerMs: setup.answerMs }),
    }),
    bucket,
    stagingDir,
    url,
    close: () => rm(stagingDir, { recursive: true, force: true }),
  };
}
