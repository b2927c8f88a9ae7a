import type { RemovalAnswer } from '../recordings.js';
import { lostEvent } from '../rows/recording-events.js';
import { assetColumns, fromRecordingId, phase, toStateNumber } from '../rows/recording-row.js';
import type { Connection } from './connection.js';
import { appendEvent } from './journal-table.js';
import { noteStateChange } from './recording-states.js';

const pending = toStateNumber('pending');
const deleted = toStateNumber('deleted');

/**
 * Takes a recording out of the archive for good, whatever its state: `deleted`, its
 * asset and waveform forgotten, and the event that tells of it, in one transaction. The raised generation refuses a
 * download whose lease had run out, and makes the event one of its own beside that of an earlier loss.
 */
export function removeRecording(connection: Connection, id: string, now: number): RemovalAnswer {
  return connection.transaction((): RemovalAnswer => {
    const row = connection.prepare('SELECT * FROM recordings WHERE id = ?').get(fromRecordingId(id));
    if (!row) return { kind: 'unknown' };
    if (row['phase'] === phase.leased && (row['leased_until'] as number) > now) return { kind: 'running' };
    // Published a moment ago: the event that archives it is still to be folded.
    if (row['state'] === pending && row['phase'] === null) return { kind: 'running' };
    if (row['state'] === deleted) return { kind: 'removed' };
    const number = row['id'] as number;
    const generation = (row['generation'] as number) + 1;
    const cleared = assetColumns.split(', ').map((column) => `${column} = NULL`);
    connection
      .prepare(
        `UPDATE recordings SET state = ${deleted}, phase = NULL, next_attempt_at = NULL, leased_until = NULL, forced = 0,
           reason = 'deleted', short = 0, generation = ?, ${cleared.join(', ')} WHERE id = ?`,
      )
      .run(generation, number);
    noteStateChange(connection, row['call'] as number, row['state'] as number, deleted);
    connection.prepare('DELETE FROM waveforms WHERE recording = ?').run(number);
    appendEvent(
      connection,
      lostEvent(
        { id: number, callId: row['call_id'] as string, generation },
        { reason: 'deleted', linkSeq: row['link_seq'] as number, now },
      ),
    );
    const fileName = row['file_name'] as string | null;
    return fileName === null ? { kind: 'removed' } : { kind: 'removed', fileName };
  });
}
