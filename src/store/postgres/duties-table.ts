import type { Duties, Duty, DutyName } from '../duties.js';
import type { Database } from './database.js';

export class DutiesTable implements Duties {
  constructor(private readonly database: Database) {}

  async hold(name: DutyName, holder: string, now: number, until: number): Promise<boolean> {
    return await this.database.transaction(
      async ({ run }) => {
        const { changes } = await run(
          `INSERT INTO duties AS duty (name, holder, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE
             SET holder = excluded.holder, until = excluded.until WHERE duty.holder = excluded.holder OR duty.until <= $4`,
          [name, holder, until, now],
        );
        return changes === 1;
      },
      { isBrief: true },
    );
  }

  async release(holder: string, names: readonly DutyName[]): Promise<void> {
    await this.database.run('UPDATE duties SET until = 0 WHERE holder = $1 AND name = ANY ($2::text[])', [
      holder,
      `{${names.join(',')}}`,
    ]);
  }

  async list(): Promise<Duty[]> {
    const { rows } = await this.database.run('SELECT name, holder, until FROM duties ORDER BY name');
    return rows.map((row) => ({
      name: row['name'] as DutyName,
      holder: row['holder'] as string,
      until: row['until'] as number,
    }));
  }
}
