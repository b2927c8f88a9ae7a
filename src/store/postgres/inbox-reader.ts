import type { InboxReader, SourceChoice, StoredPush } from '../inbox.js';
import { toStoredPush } from '../rows/push-row.js';
import { StoreError } from '../store-error.js';
import type { Database } from './database.js';
import { insertLock } from './inbox-writer.js';

/** The last id given, who inserts now (looked at afterwards), and which server says so. */
const horizonSql = `
WITH given AS MATERIALIZED (SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM pushes_id_seq)
SELECT last, pg_postmaster_start_time()::text AS server, ARRAY(
  SELECT virtualtransaction FROM pg_locks
  WHERE last IS NOT NULL AND locktype = 'advisory' AND classid = 0 AND objid = ${insertLock} AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS inserts FROM given`;

/** Sizes first: a body that was stored apart is not fetched to be measured, and a page of 64 MiB bodies must not come at once. */
const readSql = (chosen: string): string => `
SELECT * FROM pushes WHERE id > $1 AND id <= (
  SELECT max(id) FROM (
    SELECT id, row_number() OVER before AS place, sum(bytes) OVER before AS total
    FROM (SELECT id, octet_length(body) AS bytes FROM pushes WHERE id > $1 AND id <= $2 AND ${chosen} ORDER BY id LIMIT $3) AS page
    WINDOW before AS (ORDER BY id ROWS UNBOUNDED PRECEDING)
  ) AS measured WHERE total <= $4 OR place = 1
) AND ${chosen} AND pg_postmaster_start_time()::text = $5 ORDER BY id`;

/** As many are counted; of more, the distance between the first and last id tells, which may be a little too much. */
const exactly = 1_000;
const backlogSql = `
SELECT received_at AS oldest_at, CASE WHEN counted < ${exactly} THEN counted ELSE (SELECT max(id) FROM pushes) - id + 1 END AS pending
FROM (SELECT id, received_at FROM pushes WHERE id > $1 ORDER BY id LIMIT 1) AS oldest,
  (SELECT count(*) AS counted FROM (SELECT FROM pushes WHERE id > $1 LIMIT ${exactly}) AS bounded) AS count`;

/**
 * Ids come from a sequence, so a smaller one may commit after a larger: whoever read on from the last id he saw would
 * skip it. So the inbox is read up to a horizon, below which nothing can appear any more:
 *
 * 1. An insert takes `insertLock` in shared mode, and only then its ids. It lets go of the lock once it is visible.
 * 2. The reader looks at the last id that was given, and then at who holds the lock. Every id up to that one belongs
 *    to an insert that has ended, or to one of these.
 * 3. Once all of these are gone, that id is the horizon.
 *
 * Nobody waits for anybody. Rejected: to take the lock exclusively for an instant. Whoever inserts next queues behind
 * that, and so behind the slowest insert that runs: one push of 64 MiB would keep everybody's acknowledgements waiting.
 *
 * A standby that was promoted may know less than its primary had told: what was seen there is forgotten.
 */
export class InboxTableReader implements InboxReader {
  #horizon = 0;
  /** Will be the horizon once these inserts have ended. */
  #awaited: { readonly id: number; readonly inserts: ReadonlySet<string> } | undefined;
  #server: string | undefined;

  constructor(private readonly database: Database) {}

  /** @throws StoreError `unreachable`, once, where another server answers than before: begin from the cursor again. */
  async read(after: number, maxPushes: number, maxBytes: number, of?: SourceChoice): Promise<StoredPush[]> {
    await this.#moveHorizon();
    if (this.#horizon <= after) return [];
    const bytes = Math.min(maxBytes, Number.MAX_SAFE_INTEGER);
    const { sql, values } = chosenSql(of);
    const bounds = [after, this.#horizon, maxPushes, bytes, this.#server];
    const { rows } = await this.database.run(readSql(sql), [...bounds, ...values]);
    return rows.map(toStoredPush);
  }

  async backlog(after: number): Promise<{ pending: number; oldestAt?: number }> {
    const { rows } = await this.database.run(backlogSql, [after]);
    const [found] = rows;
    if (!found) return { pending: 0 };
    return { pending: found['pending'] as number, oldestAt: found['oldest_at'] as number };
  }

  async #moveHorizon(): Promise<void> {
    const { rows } = await this.database.run(horizonSql);
    const last = rows[0]?.['last'] as number;
    const inserts = rows[0]?.['inserts'] as string[];
    this.#recognise(rows[0]?.['server'] as string);
    if (this.#awaited) {
      if (inserts.some((insert) => this.#awaited?.inserts.has(insert))) return;
      this.#horizon = this.#awaited.id;
    }
    if (inserts.length === 0) this.#horizon = last;
    this.#awaited = inserts.length === 0 ? undefined : { id: last, inserts: new Set(inserts) };
  }

  #recognise(server: string): void {
    const before = this.#server;
    this.#server = server;
    if (before === undefined || before === server) return;
    this.#horizon = 0;
    this.#awaited = undefined;
    throw new StoreError('unreachable', 'Another PostgreSQL answers than before, or it was started anew.');
  }
}

function chosenSql(of: SourceChoice | undefined): { sql: string; values: (string | readonly string[])[] } {
  if (of === undefined || ('without' in of && of.without.length === 0)) return { sql: 'true', values: [] };
  if ('only' in of) return { sql: 'source = $6', values: [of.only] };
  return { sql: 'source <> ALL ($6::text[])', values: [of.without] };
}
