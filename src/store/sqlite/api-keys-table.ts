import type { ApiKey, ApiKeys } from '../api-keys.js';
import { apiKeyIdOf, toApiKey } from '../rows/api-key-row.js';
import type { Connection } from './connection.js';
import type { Synchronous } from './synchronous.js';

export class ApiKeysTable implements Synchronous<ApiKeys> {
  constructor(private readonly connection: Connection) {}

  add({ name, hash, createdAt }: Omit<ApiKey, 'id'>): ApiKey {
    const id = apiKeyIdOf(hash);
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
