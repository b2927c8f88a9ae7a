import { randomBytes } from 'node:crypto';
import { createLinkKey, replaceLinkKeys, rotateLinkKeys } from '../../publish/link-key.js';
import type { ApiKey } from '../../store/api-keys.js';
import type { Config } from '../config.js';
import { openDataDir } from '../open-data-dir.js';
import { hashOfKey, makeSecret } from '../secrets.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Makes a key. It is returned once, and only its hash stays. */
export async function addKey(config: Config, name: string): Promise<{ key: string; id: string }> {
  const data = openDataDir(config.dataDir, { mayCreate: true });
  try {
    const key = makeSecret();
    const { id } = await data.apiKeys.add({ name, hash: hashOfKey(key), createdAt: Date.now() });
    return { key, id };
  } finally {
    data.close();
  }
}

export async function listKeys(config: Config): Promise<Omit<ApiKey, 'hash'>[]> {
  const data = openDataDir(config.dataDir, { mayCreate: true });
  try {
    return (await data.apiKeys.list()).map(({ id, name, createdAt }) => ({ id, name, createdAt }));
  } finally {
    data.close();
  }
}

/** False: there is no such key. */
export async function removeKey(config: Config, id: string): Promise<boolean> {
  const data = openDataDir(config.dataDir, { mayCreate: true });
  try {
    return await data.apiKeys.remove(id);
  } finally {
    data.close();
  }
}

/**
 * Makes a new key for signed links. Links of the keys before it stay valid until they expire, unless `revokeOld`:
 * then all of them are dead as soon as a running server notices, within seconds. Returns the new key's id.
 */
export async function rotateLinks(
  config: Pick<Config, 'dataDir' | 'linkDays'>,
  revokeOld: boolean,
): Promise<string> {
  const data = openDataDir(config.dataDir, { mayCreate: true });
  try {
    const key = createLinkKey(Date.now(), randomBytes);
    if (revokeOld) await replaceLinkKeys(data.linkKeysWriter, key);
    else await rotateLinkKeys(data.linkKeysWriter, key, config.linkDays * dayMs);
    return key.id;
  } finally {
    data.close();
  }
}
