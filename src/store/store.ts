import type { ApiKeys } from './api-keys.js';
import type { CallsReader } from './calls.js';
import type { InboxWriter } from './inbox.js';
import type { JournalReader, JournalWriter } from './journal.js';
import type { Projection } from './projection.js';
import type { QuarantineReader, QuarantineWriter } from './quarantine.js';
import type { Downloads, RecordingsReader, RecordingsWriter } from './recordings.js';

export interface WriterRoles {
  readonly journalWriter: JournalWriter;
  readonly quarantineWriter: QuarantineWriter;
  readonly projection: Projection;
  readonly recordingsWriter: RecordingsWriter;
  readonly downloads: Downloads;
  readonly apiKeys: ApiKeys;
}

export interface ReaderRoles {
  readonly journal: JournalReader;
  readonly calls: CallsReader;
  readonly recordings: RecordingsReader;
  readonly quarantine: QuarantineReader;
}

/** An open store: each role by its name. Nobody is handed all of it but the place that builds things. */
export interface Store extends WriterRoles, ReaderRoles {
  readonly inbox: InboxWriter;
  /** Waits for what is under way, then closes; later calls fail with `closed`. */
  close(): Promise<void>;
}
