import type { Source } from '../../contract/sources.js';
import { AppError } from '../../domain/errors.js';
import { defaultSource } from '../../store/sources.js';
import type { Config } from '../config.js';
import { readPushToken } from '../secrets.js';
import { toUrl } from '../to-url.js';
import type { ServerClient } from './server-client.js';
import { withData } from './with-data.js';

/** The push URL of a source, by its name. It is a secret: anyone who has it can push. */
export async function findPushUrl(config: Config, name: string): Promise<string> {
  const token =
    name === defaultSource && config.pushToken !== undefined
      ? config.pushToken
      : await findToken(config, name);
  return `${config.publicUrl ?? toUrl(config)}/push/${token}`;
}

async function findToken(config: Config, name: string): Promise<string> {
  const kept = await withData(config, async ({ sources }) =>
    (await sources.list()).find((each) => each.name === name),
  );
  // The default source is in the store once it was rotated.
  if (kept) return kept.token;
  if (name === defaultSource) return readPushToken(config);
  throw unknownSource(name);
}

/** The source of this name of a running server; rejects with `source-unknown`. */
export async function findSource({ sources }: ServerClient, name: string): Promise<Source> {
  const source = (await sources.list()).items.find((known) => known.name === name);
  if (!source) throw unknownSource(name);
  return source;
}

function unknownSource(name: string): AppError {
  return new AppError('source-unknown', `There is no source "${name}".`);
}
