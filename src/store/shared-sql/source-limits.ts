import type { Row } from '../rows/row.js';
import type { LimitedSource, SourceDay, SourceLimits } from '../source-limits.js';
import { brief, read, write, type OperationsOf } from './operations.js';
import { present } from './present.js';
import { change, rowsOf, wake } from './work.js';

/** No day begins so long after another that is meant: two machines may disagree about which one it is. */
const longestDayMs = 26 * 60 * 60 * 1000;

export const sourceLimits: OperationsOf<SourceLimits> = {
  list: read(function* () {
    const rows = yield* rowsOf(
      'SELECT name, push_bytes_per_day, recording_hosts FROM source_limits ORDER BY name',
    );
    return rows.map(toLimited);
  }),

  set: write(function* ({ name, pushBytesPerDay, recordingHosts }) {
    yield* change('DELETE FROM source_limits WHERE name = $1', name);
    if (pushBytesPerDay !== undefined || recordingHosts !== undefined) {
      yield* change(
        'INSERT INTO source_limits (name, push_bytes_per_day, recording_hosts) VALUES ($1, $2, $3)',
        ...[name, pushBytesPerDay ?? null, recordingHosts ? JSON.stringify(recordingHosts) : null],
      );
    }
    yield* wake('sources');
  }),

  count: brief(function* (days) {
    // In one order: two processes that count at a time must not wait for each other.
    for (const { name, day, pushBytes, refusedPushes } of [...days].sort(byName)) {
      yield* change(
        `INSERT INTO source_days (name, day, push_bytes, refused_pushes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET
           day = CASE WHEN ${isOther} THEN excluded.day ELSE source_days.day END,
           push_bytes = CASE WHEN ${isOther} THEN excluded.push_bytes
             WHEN excluded.day = source_days.day THEN source_days.push_bytes + excluded.push_bytes
             ELSE source_days.push_bytes END,
           refused_pushes = CASE WHEN ${isOther} THEN excluded.refused_pushes
             WHEN excluded.day = source_days.day THEN source_days.refused_pushes + excluded.refused_pushes
             ELSE source_days.refused_pushes END`,
        ...[name, day, pushBytes, refusedPushes],
      );
    }
  }),

  days: read(function* () {
    const rows = yield* rowsOf('SELECT name, day, push_bytes, refused_pushes FROM source_days ORDER BY name');
    return rows.map((row) => ({
      name: row['name'] as string,
      day: row['day'] as number,
      pushBytes: row['push_bytes'] as number,
      refusedPushes: row['refused_pushes'] as number,
    }));
  }),
};

const isOther = `(excluded.day > source_days.day OR excluded.day < source_days.day - ${longestDayMs})`;

function byName(a: SourceDay, b: SourceDay): number {
  return a.name < b.name ? -1 : 1;
}

function toLimited(row: Row): LimitedSource {
  const hosts = row['recording_hosts'] as string | null;
  return present({
    name: row['name'] as string,
    pushBytesPerDay: row['push_bytes_per_day'] as number | null,
    recordingHosts: hosts === null ? null : (JSON.parse(hosts) as string[]),
  });
}
