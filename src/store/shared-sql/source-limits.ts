import type { Row } from '../rows/row.js';
import type { LimitedSource, SourceDay, SourceLimits } from '../sources.js';
import { brief, type OperationsOf, read, write } from './operations.js';
import { present } from './row-sql.js';
import { change, rowsOf, wake } from './work.js';

/** No day begins so long after another that is meant: two machines may disagree about which one it is. */
const longestDayMs = 26 * 60 * 60 * 1000;

export const sourceLimits: OperationsOf<SourceLimits> = {
  list: read(function* () {
    const rows = yield* rowsOf(
      'SELECT name, push_bytes_per_day, recording_bytes_per_day, recording_hosts FROM source_limits ORDER BY name',
    );
    return rows.map(toLimited);
  }),

  set: write(function* ({ name, ...limit }) {
    yield* change('DELETE FROM source_limits WHERE name = $1', name);
    const { pushBytesPerDay = null, recordingBytesPerDay = null, recordingHosts } = limit;
    if (Object.values(limit).some((value) => value !== undefined)) {
      yield* change(
        `INSERT INTO source_limits (name, push_bytes_per_day, recording_bytes_per_day, recording_hosts)
         VALUES ($1, $2, $3, $4)`,
        ...[name, pushBytesPerDay, recordingBytesPerDay],
        recordingHosts ? JSON.stringify(recordingHosts) : null,
      );
    }
    yield* wake('sources');
  }),

  count: brief(function* (days) {
    // In one order: two processes that count at a time must not wait for each other.
    for (const { name, day, pushBytes, refusedPushes, recordingBytes } of [...days].sort(byName)) {
      yield* change(
        `INSERT INTO source_days (name, day, push_bytes, refused_pushes, recording_bytes)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (name) DO UPDATE SET
           day = CASE WHEN ${isOther} THEN excluded.day ELSE source_days.day END,
           ${['push_bytes', 'refused_pushes', 'recording_bytes'].map(added).join(',\n           ')}`,
        ...[name, day, pushBytes, refusedPushes, recordingBytes],
      );
    }
  }),

  days: read(function* () {
    const rows = yield* rowsOf(
      'SELECT name, day, push_bytes, refused_pushes, recording_bytes FROM source_days ORDER BY name',
    );
    return rows.map((row) => ({
      name: row['name'] as string,
      day: row['day'] as number,
      pushBytes: row['push_bytes'] as number,
      refusedPushes: row['refused_pushes'] as number,
      recordingBytes: row['recording_bytes'] as number,
    }));
  }),
};

const isOther = `(excluded.day > source_days.day OR excluded.day < source_days.day - ${longestDayMs})`;

function added(column: string): string {
  return `${column} = CASE WHEN ${isOther} THEN excluded.${column}
             WHEN excluded.day = source_days.day THEN source_days.${column} + excluded.${column}
             ELSE source_days.${column} END`;
}

function byName(a: SourceDay, b: SourceDay): number {
  return a.name < b.name ? -1 : 1;
}

function toLimited(row: Row): LimitedSource {
  const hosts = row['recording_hosts'] as string | null;
  return present({
    name: row['name'] as string,
    pushBytesPerDay: row['push_bytes_per_day'] as number | null,
    recordingBytesPerDay: row['recording_bytes_per_day'] as number | null,
    recordingHosts: hosts === null ? null : (JSON.parse(hosts) as string[]),
  });
}
