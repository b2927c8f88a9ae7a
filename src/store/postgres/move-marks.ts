import { AppError } from '../../domain/errors.js';
import type { CopyState, MoveMarks } from '../copying.js';
import { StoreError } from '../store-error.js';
import type { Database } from './database.js';

/** `copy-of`: the store that this one is, or becomes, the copy of; `copy-finished`: it is. */
type MarkName = 'identity' | 'moved-to' | 'copy-of' | 'copy-finished';

/** What a store in PostgreSQL remembers of moves. */
export class MoveMarksTable implements MoveMarks {
  constructor(
    private readonly database: Database,
    private readonly newIdentity: () => string,
  ) {}

  async identity(): Promise<string> {
    await this.database.run('INSERT INTO move_marks VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      'identity' satisfies MarkName,
      this.newIdentity(),
    ]);
    return (await readMarks(this.database)).identity ?? '';
  }

  async movedTo(): Promise<string | undefined> {
    return (await readMarks(this.database))['moved-to'];
  }

  async setMovedTo(place: string | undefined): Promise<void> {
    if (place === undefined) await this.database.run(`DELETE FROM move_marks WHERE name = 'moved-to'`);
    else await setMark(this.database, 'moved-to', place);
  }
}

/** @throws AppError `move-refused` where there is anything but a copy of this source. */
export async function beginCopy(database: Database, source: string): Promise<CopyState> {
  const marks = await readMarks(database);
  if (marks['copy-of'] === source) return marks['copy-finished'] === undefined ? 'resumed' : 'finished';
  const { rows } = await database.run(isInUse);
  if (marks['copy-of'] !== undefined || marks['moved-to'] !== undefined || rows[0]?.['is_in_use'] === true) {
    throw new AppError(
      'move-refused',
      `The database at ${database.server} holds something else already; a move needs an empty one, or the one that it had begun with.`,
    );
  }
  await setMark(database, 'copy-of', source);
  return 'begun';
}

export async function finishCopy(database: Database): Promise<void> {
  await setMark(database, 'copy-finished', 'yes');
}

/**
 * A start on what is only a part of the data, or not the data any more, would take pushes that nobody looks for.
 * @throws StoreError `incomplete` or `moved`.
 */
export async function refuseMoved(database: Database): Promise<void> {
  const marks = await readMarks(database);
  if (marks['copy-of'] !== undefined && marks['copy-finished'] === undefined)
    throw new StoreError('incomplete', `The database at ${database.server} holds the beginning of a copy.`);
  if (marks['moved-to'] !== undefined)
    throw new StoreError(
      'moved',
      `What was in the database at ${database.server} is in ${marks['moved-to']} now.`,
    );
}

const isInUse = `SELECT EXISTS (SELECT FROM journal_identities) OR EXISTS (SELECT FROM pushes)
  OR EXISTS (SELECT FROM quarantine) OR EXISTS (SELECT FROM endpoints) OR EXISTS (SELECT FROM api_keys)
  OR EXISTS (SELECT FROM accounts) OR EXISTS (SELECT FROM sources) OR EXISTS (SELECT FROM audit_log) AS is_in_use`;

async function readMarks(database: Database): Promise<Partial<Record<MarkName, string>>> {
  const { rows } = await database.run('SELECT name, value FROM move_marks');
  return Object.fromEntries(rows.map((row) => [row['name'], row['value']])) as Partial<
    Record<MarkName, string>
  >;
}

async function setMark(database: Database, name: MarkName, value: string): Promise<void> {
  await database.run(
    'INSERT INTO move_marks VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [name, value],
  );
}

/** What moving a store keeps: see move-marks.ts. */
export const moveTables = `
CREATE TABLE move_marks (name text PRIMARY KEY, value text NOT NULL);
-- Attempts are read by their ids by nobody but a copy: pages of the table that hold a stretch of them cost next to nothing.
CREATE INDEX attempts_ids ON attempts USING brin (id);
CREATE INDEX delivery_attempts_ids ON delivery_attempts USING brin (id);
`;
