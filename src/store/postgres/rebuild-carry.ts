import type { Database, Transaction } from './database.js';
import { callColumnNames } from '../rows/call-row.js';
import { changingColumns } from '../rows/recording-row.js';
import { recordingColumnNames } from './recording-states.js';

/** What runs statements: each committed by itself, or all in one transaction. */
type Runner = Pick<Database | Transaction, 'run'>;

/** Numbers of entries that one step looks at, so that each is short. */
const stepSeqs = 50_000;

/**
 * Copies calls and recordings whose first message is in the journal no more. What later messages say of them is
 * folded into them once more, which changes nothing.
 */
export async function carryForgotten(database: Runner, suffix: string, firstKept: number): Promise<void> {
  for (let first = 0; first < firstKept; first += stepSeqs) {
    const range = [first, Math.min(first + stepSeqs, firstKept)];
    for (const [table, columns] of [
      ['calls', callColumnNames],
      ['recordings', recordingColumnNames],
    ] as const) {
      await database.run(
        `INSERT INTO ${table}${suffix} (${columns}) SELECT ${columns} FROM ${table} WHERE id >= $1 AND id < $2`,
        range,
      );
    }
  }
}

/**
 * What the archiver knows of each recording is as in the table in use. A generation must never come again: an old
 * lease could settle a new one, and an event would be taken for a repeated one.
 */
export async function carryBookkeeping(database: Runner, suffix: string): Promise<void> {
  const names = [...Object.keys(changingColumns), 'attempts'];
  const next = `recordings${suffix}`;
  const sql = `UPDATE ${next} AS next SET ${names.map((name) => `${name} = used.${name}`).join(', ')} FROM recordings AS used
    WHERE used.id = next.id AND next.id >= $1 AND next.id < $2 AND used.id >= $1 AND used.id < $2
      AND (${names.map((name) => `used.${name}`).join(', ')}) IS DISTINCT FROM (${names.map((name) => `next.${name}`).join(', ')})`;
  const { rows } = await database.run(`SELECT coalesce(max(id), 0) AS last FROM ${next}`);
  const last = rows[0]?.['last'] as number;
  for (let first = 0; first <= last; first += stepSeqs) await database.run(sql, [first, first + stepSeqs]);
}

export async function restateAnew(database: Runner, suffix: string): Promise<void> {
  await database.run(
    `UPDATE calls${suffix} AS stated SET recording_states = found.states
     FROM (SELECT call, bit_or(1 << state) AS states FROM recordings${suffix} GROUP BY call) AS found
     WHERE stated.id = found.call AND stated.recording_states <> found.states`,
  );
}

export async function countAnew(database: Runner, suffix: string): Promise<void> {
  await database.run(
    `UPDATE recording_counts${suffix} AS counts SET count = coalesce(
       (SELECT found.count FROM (SELECT state, count(*) FROM recordings${suffix} GROUP BY state) AS found
        WHERE found.state = counts.state), 0)`,
  );
}
