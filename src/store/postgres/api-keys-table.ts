import type { ApiKey, ApiKeys } from '../api-keys.js';
import { apiKeyIdOf, toApiKey } from '../rows/api-key-row.js';
import type { Database } from './database.js';

export class ApiKeysTable implements ApiKeys {
  constructor(private readonly database: Database) {}

  async add({ name, hash, createdAt }: Omit<ApiKey, 'id'>): Promise<ApiKey> {
    const id = apiKeyIdOf(hash);
    await this.database.run('INSERT INTO api_keys VALUES ($1, $2, $3, $4)', [id, name, hash, createdAt]);
    return { id, name, hash, createdAt };
  }

  async list(): Promise<ApiKey[]> {
    const { rows } = await this.database.run('SELECT * FROM api_keys ORDER BY created_at, id');
    return rows.map(toApiKey);
  }

  async findByHash(hash: string): Promise<ApiKey | undefined> {
    const { rows } = await this.database.run('SELECT * FROM api_keys WHERE hash = $1', [hash]);
    return rows[0] && toApiKey(rows[0]);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.database.run('DELETE FROM api_keys WHERE id = $1', [id])).changes === 1;
  }
}
