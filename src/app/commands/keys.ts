import { randomBytes } from 'node:crypto';
import { Auditor, earshotActor } from '../../access/auditor.js';
import { rights, type Right } from '../../domain/rights.js';
import { createLinkKey, replaceLinkKeys, rotateLinkKeys } from '../../publish/link-key.js';
import type { ApiKey } from '../../store/api-keys.js';
import type { Config } from '../config.js';
import { openData, type DataSettings, type OpenData } from '../open-data.js';
import { hashOfKey, makeSecret } from '../secrets.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Makes a key. It is returned once, and only its hash stays. */
export function addKey(
  config: DataSettings,
  name: string,
  scopes: readonly Right[] = rights,
): Promise<{ key: string; id: string }> {
  return withData(config, async (data) => {
    const key = makeSecret();
    const { id } = await data.apiKeys.add({ name, hash: hashOfKey(key), scopes, createdAt: Date.now() });
    await tell(data, 'key.created', id, { name, scopes });
    return { key, id };
  });
}

export function listKeys(config: DataSettings): Promise<Omit<ApiKey, 'hash'>[]> {
  return withData(config, async (data) => (await data.apiKeys.list()).map(({ hash: _hash, ...key }) => key));
}

/** False: there is no such key. */
export function removeKey(config: DataSettings, id: string): Promise<boolean> {
  return withData(config, async (data) => {
    const isRemoved = await data.apiKeys.remove(id);
    if (isRemoved) await tell(data, 'key.removed', id, {});
    return isRemoved;
  });
}

function tell(
  { auditLog }: OpenData,
  action: 'key.created' | 'key.removed',
  id: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  return new Auditor(auditLog, () => Date.now()).record({
    actor: earshotActor,
    action,
    subject: { kind: 'key', id },
    detail: { ...detail, by: 'the command line' },
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

async function withData<T>(config: DataSettings, work: (data: OpenData) => Promise<T>): Promise<T> {
  const data = await openData(config, { mayCreate: true });
  try {
    return await work(data);
  } finally {
    await data.close();
  }
}
