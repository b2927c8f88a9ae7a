import type { ApiKey } from '../api-keys.js';
import type { Row } from './row.js';

/** The hash is that of a long random key: its beginning is as good an id as any other. */
export function apiKeyIdOf(hash: string): string {
  return `k${hash.slice(0, 12)}`;
}

export function toApiKey(row: Row): ApiKey {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    hash: row['hash'] as string,
    createdAt: row['created_at'] as number,
  };
}
