import type { Row } from '../rows/row.js';
import type {
  Duties,
  Duty,
  DutyName,
  Processes,
  ProcessReport,
  SharedRoles,
  SharedSecretName,
  SharedSecrets,
} from '../shared-roles.js';
import type { Database } from './database.js';
import { PartitionsRetention } from './retention.js';
import type { WakeUpListener } from './wake-up-listener.js';

export function createSharedRoles(database: Database, wakeUps: WakeUpListener): SharedRoles {
  return {
    duties: new DutiesTable(database),
    processes: new ProcessesTable(database),
    secrets: new SecretsTable(database),
    retention: new PartitionsRetention(database),
    wakeUps,
    toSharedClock: (clock) => () => database.serverTime ?? clock(),
  };
}

class DutiesTable implements Duties {
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

/** Of processes that went without a word nothing is kept longer. */
const keptMs = 24 * 60 * 60 * 1000;

class ProcessesTable implements Processes {
  constructor(private readonly database: Database) {}

  async tell({ id, startedAt, seenAt, ...report }: ProcessReport): Promise<void> {
    await this.database.transaction(
      async ({ run }) => {
        await run(
          `INSERT INTO processes (id, started_at, seen_at, report) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, report = excluded.report`,
          [id, startedAt, seenAt, JSON.stringify(report)],
        );
        await run('DELETE FROM processes WHERE seen_at < $1', [seenAt - keptMs]);
      },
      { isBrief: true },
    );
  }

  async list(since: number): Promise<ProcessReport[]> {
    const { rows } = await this.database.run(
      'SELECT * FROM processes WHERE seen_at >= $1 ORDER BY started_at, id',
      [since],
    );
    return rows.map(toReport);
  }

  async leave(id: string): Promise<void> {
    await this.database.run('DELETE FROM processes WHERE id = $1', [id]);
  }
}

function toReport(row: Row): ProcessReport {
  return {
    ...(JSON.parse(row['report'] as string) as Omit<ProcessReport, 'id' | 'startedAt' | 'seenAt'>),
    id: row['id'] as string,
    startedAt: row['started_at'] as number,
    seenAt: row['seen_at'] as number,
  };
}

class SecretsTable implements SharedSecrets {
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
