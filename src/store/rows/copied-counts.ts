/** What is counted of each table, in SQL that both back ends understand: the name of a count, and what is counted. */
const counted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  journal: { rows: 'count(*)', seqs: 'sum(seq)', last: 'max(seq)' },
  // Ids of the embedded inbox begin at the microsecond in which its file was made: millions of them are no sum.
  pushes: { rows: 'count(*)', ids: 'sum(id % 1000003)', bytes: 'sum(length(body))' },
  quarantine: { rows: 'count(*)', ids: 'sum(id)', open: 'sum(CASE WHEN body IS NULL THEN 0 ELSE 1 END)' },
  attempts: { rows: 'count(*)', ids: 'sum(id)', bytes: 'sum(bytes)' },
  calls: { rows: 'count(*)', ids: 'sum(id)', states: 'sum(recording_states)' },
  recordings: {
    rows: 'count(*)',
    ids: 'sum(id)',
    ...byState(['pending', 'archived', 'lost', 'blocked', 'deleted']),
    generations: 'sum(generation)',
    links: 'sum(link_seq)',
    bytes: 'sum(bytes)',
  },
  deliveries: {
    rows: 'count(*)',
    ids: 'sum(id)',
    ...byState(['pending', 'delivered', 'dead']),
    attempts: 'sum(attempts)',
    replayed: 'sum(replayed_as)',
    messages: 'sum(count)',
  },
  delivery_stretches: { rows: 'count(*)' },
  delivery_attempts: { rows: 'count(*)', ids: 'sum(id)' },
  delivery_tallies: { deliveries: 'sum(count)' },
  recording_counts: { recordings: 'sum(count)' },
  endpoints: { rows: 'count(*)', ids: 'sum(id)', cursors: 'sum(cursor)', generations: 'sum(generation)' },
  replays: { rows: 'count(*)', ids: 'sum(id)', positions: 'sum(position)' },
  api_keys: { rows: 'count(*)' },
  link_keys: { rows: 'count(*)' },
  audit_log: { rows: 'count(*)', seqs: 'sum(seq)' },
  accounts: { rows: 'count(*)' },
  passkeys: { rows: 'count(*)', counters: 'sum(counter)' },
  sessions: { rows: 'count(*)' },
  sources: { rows: 'count(*)' },
  source_limits: {
    rows: 'count(*)',
    bytes: 'sum(push_bytes_per_day)',
    recordings: 'sum(recording_bytes_per_day)',
  },
  source_counts: { pushes: 'sum(pushes)' },
  saved_views: { rows: 'count(*)' },
  comments: { rows: 'count(*)' },
  acknowledgements: { rows: 'count(*)', subjects: 'sum(subject)' },
  call_tags: { rows: 'count(*)', calls: 'sum(call)', places: 'sum(sort_at % 1000003)' },
  tag_counts: { calls: 'sum(calls)' },
  jobs: { rows: 'count(*)', generations: 'sum(generation)' },
  hour_figures: { rows: 'count(*)', figures: 'sum(value)' },
};

export const countedTables: readonly string[] = Object.keys(counted);

/** One row, of which each column is one count of the table as text: a sum may be beyond what a number holds. */
export function countSqlOf(table: string): string {
  const counts = Object.entries(counted[table] ?? {}).map(
    ([name, sql]) => `CAST(coalesce(${sql}, 0) AS TEXT) AS ${name}`,
  );
  return `SELECT ${counts.join(', ')} FROM ${table}`;
}

/** `journal.rows` and so on, of what a query of `countSqlOf` gave. */
export function namedCounts(table: string, row: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.keys(counted[table] ?? {}).map((name) => [`${table}.${name}`, String(row[name])]);
}

function byState(states: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    states.map((state, number) => [state, `sum(CASE WHEN state = ${number} THEN 1 ELSE 0 END)`]),
  );
}
