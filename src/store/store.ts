import type { CallsReader } from './calls.js';
import type { CommonRoles } from './common-roles.js';
import type { InboxWriter } from './inbox.js';
import type { JournalReader, JournalWriter } from './journal.js';
import type { Projection } from './projection.js';
import type { Publishing } from './publishing.js';
import type { RecordingsReader } from './recordings.js';

/** Roles that write, and that each back end has in its own way. */
export interface WriterRoles {
  readonly journalWriter: JournalWriter;
  readonly projection: Projection;
  readonly publishing: Publishing;
}

/** Roles that read, and that each back end has in its own way. */
export interface ReaderRoles {
  readonly journal: JournalReader;
  readonly calls: CallsReader;
  readonly recordings: RecordingsReader;
}

/** An open store: each role by its name. Nobody is handed all of it but the place that builds things. */
export interface Store extends WriterRoles, ReaderRoles, CommonRoles {
  readonly inbox: InboxWriter;
  /** Waits for what is under way, then closes; later calls fail with `closed`. */
  close(): Promise<void>;
}
