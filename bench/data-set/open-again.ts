import { DatabaseSync } from '@photostructure/sqlite';
import { openDownloadsOf, type OpenDownloads } from './data-set.js';

const dayMs = 24 * 3600 * 1000;

/**
 * Takes a data set back to what it was when it was built: removes what runs have added, and makes its open
 * downloads what the next run needs. Their links are good for days from now, however old the data set is.
 */
export function openAgain(file: string, calls: number, downloads: OpenDownloads): void {
  const database = new DatabaseSync(file);
  const firstOpen = calls - openDownloadsOf(calls) + 1;
  const isDue = downloads.kind === 'due';
  const ports = isDue ? downloads.ports : [9];
  const host = `'127.0.0.1:' || ${ports.map((port, index) => `iif(id % ${ports.length} = ${index}, ${port}, `).join('')}9${')'.repeat(ports.length)}`;
  const now = Date.now();
  try {
    database.exec(`
      PRAGMA synchronous = OFF; PRAGMA cache_size = -524288;
      BEGIN;
      DELETE FROM journal WHERE seq > ${calls};
      DELETE FROM calls WHERE id > ${calls};
      DELETE FROM recordings WHERE id > ${calls};
      DELETE FROM attempts WHERE recording_id >= ${firstOpen};
      DELETE FROM quarantine;
      UPDATE calls SET recording_states = 1 WHERE id >= ${firstOpen} AND recording_states <> 1;
      UPDATE recordings SET state = 0, phase = 0, forced = 0, leased_until = NULL, leased_link_seq = NULL, reason = NULL,
        short = 0, bytes = NULL, sha256 = NULL, container = NULL, codec = NULL, channels = NULL, sample_rate = NULL,
        seconds = NULL, archived_at = NULL, file_name = NULL,
        host = ${host}, link = 'http://' || ${host} || substr(link, instr(link, '/agent/')),
        next_attempt_at = ${isDue ? now : now + 5 * dayMs} + id % 1000, deadline_at = ${now + 6 * dayMs} + id
        WHERE id >= ${firstOpen};
      UPDATE recording_counts SET count = (SELECT count(*) FROM recordings WHERE recordings.state = recording_counts.state);
      INSERT OR REPLACE INTO cursors VALUES ('projector', ${calls}), ('sorter', 0);
      COMMIT;
      PRAGMA wal_checkpoint(TRUNCATE)`);
  } finally {
    database.close();
  }
}
