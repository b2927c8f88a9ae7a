import type { ApiKey, ApiKeys } from '../api-keys.js';
import type { Connection, Row } from './connection.js';
import type { Synchronous } from './synchronous.js';

export class ApiKeysTable implements Synchronous<ApiKeys> {
  constructor(private readonly connection: Connection) {}

  add({ name, hash, createdAt }: Omit<ApiKey, 'id'>): ApiKey {
    // The hash is that of a long random key: its beginning is as good an id as any other.
    const id = `k${hash.slice(0, 12)}`;
    this.connection.prepare('INSERT INTO api_keys VALUES (?, ?, ?, ?)').run(id, name, hash, createdAt);
    return { id, name, hash, createdAt };
  }

  list(): ApiKey[] {
    return this.connection.prepare('SELECT * FROM api_keys ORDER BY created_at, id').all().map(toApiKey);
  }

  findByHash(hash: string): ApiKey | undefined {
    const row = this.connection.prepare('SELECT * FROM api_keys WHERE hash = ?').get(hash);
    return row && toApiKey(row);
  }

  remove(id: string): boolean {
    return this.connection.prepare('DELETE FROM api_keys WHERE id = ?').run(id).changes === 1;
  }
}

function toApiKey(row: Row): ApiKey {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    hash: row['hash'] as string,
    createdAt: row['created_at'] as number,
  };
}
