import type { Processes, ProcessReport } from '../processes.js';
import type { Row } from '../rows/row.js';
import type { Database } from './database.js';

/** Of processes that went without a word nothing is kept longer. */
const keptMs = 24 * 60 * 60 * 1000;

export class ProcessesTable implements Processes {
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
