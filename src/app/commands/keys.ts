import { randomBytes } from 'node:crypto';
import { type Right, rights } from '../../domain/rights.js';
import { createLinkKey, replaceLinkKeys, rotateLinkKeys } from '../../publish/link-keyring.js';
import type { Config } from '../../settings/config.js';
import { hashOfKey, makeSecret } from '../../sources/secrets.js';
import type { ApiKey } from '../../store/accounts.js';
import { type DataSettings, type OpenData, tellAuditLog, withData } from '../open-data.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Makes a key. It is returned once, and only its hash stays. */
export function addKey(
  config: DataSettings,
  name: string,
  scopes: readonly Right[] = rights,
  expiresInDays?: number,
): Promise<{ key: string; id: string }> {
  const make = async (data: OpenData) => {
    const key = makeSecret();
    const createdAt = Date.now();
    const { id } = await data.apiKeys.add({
      ...{ name, hash: hashOfKey(key), scopes, createdAt },
      ...(expiresInDays === undefined ? {} : { expiresAt: Math.ceil(createdAt + expiresInDays * dayMs) }),
      owner: { kind: 'earshot', id: 'earshot', name: 'the command line' },
    });
    const detail = { name, scopes, ...(expiresInDays === undefined ? {} : { expiresInDays }) };
    await tellAuditLog(data, 'key.created', { kind: 'key', id }, detail);
    return { key, id };
  };
  return withData(config, make, { mayCreate: true });
}

export function listKeys(config: DataSettings): Promise<Omit<ApiKey, 'hash'>[]> {
  return withData(config, async (data) => (await data.apiKeys.list()).map(({ hash: _hash, ...key }) => key));
}

/** False: there is no such key. */
export function removeKey(config: DataSettings, id: string): Promise<boolean> {
  return withData(config, async (data) => {
    const isRemoved = await data.apiKeys.remove(id);
    if (isRemoved) await tellAuditLog(data, 'key.removed', { kind: 'key', id }, {});
    return isRemoved;
  });
}

/**
 * Makes a new key for signed links. Links of the keys before it stay valid until they expire, unless `revokeOld`:
 * then all of them are dead as soon as a running server notices, within seconds. Returns the new key's id.
 */
export function rotateLinks(
  config: DataSettings & Pick<Config, 'linkDays'>,
  revokeOld: boolean,
): Promise<string> {
  return withData(config, async (data) => {
    const key = createLinkKey(Date.now(), randomBytes);
    if (revokeOld) await replaceLinkKeys(data.linkKeysWriter, key);
    else await rotateLinkKeys(data.linkKeysWriter, key, config.linkDays * dayMs);
    return key.id;
  });
}
