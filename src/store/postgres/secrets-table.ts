import type { SharedSecretName, SharedSecrets } from '../shared-roles.js';
import type { Database } from './database.js';

export class SecretsTable implements SharedSecrets {
  constructor(private readonly database: Database) {}

  async obtain(name: SharedSecretName, candidate: string): Promise<string> {
    // An update that changes nothing makes the row that was there come back; DO NOTHING would return none.
    const { rows } = await this.database.run(
      `INSERT INTO shared_secrets (name, secret) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET secret = shared_secrets.secret RETURNING secret`,
      [name, candidate],
    );
    return rows[0]?.['secret'] as string;
  }

  async find(name: SharedSecretName): Promise<string | undefined> {
    const { rows } = await this.database.run('SELECT secret FROM shared_secrets WHERE name = $1', [name]);
    return rows[0]?.['secret'] as string | undefined;
  }

  async replace(name: SharedSecretName, secret: string): Promise<void> {
    await this.database.run(
      'INSERT INTO shared_secrets VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET secret = excluded.secret',
      [name, secret],
    );
  }
}
