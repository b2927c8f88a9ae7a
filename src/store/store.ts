import type { CallsReader } from './calls.js';
import type { CommonRoles } from './common-roles.js';
import type { DeliveriesReader, Dispatch } from './deliveries.js';
import type { EndpointsReader, EndpointsWriter } from './endpoints.js';
import type { InboxWriter } from './inbox.js';
import type { JournalReader, JournalWriter } from './journal.js';
import type { LinkKeysReader, LinkKeysWriter } from './link-keys.js';
import type { Projection } from './projection.js';
import type { Publishing } from './publishing.js';
import type { QuarantineReader, QuarantineWriter } from './quarantine.js';
import type { Downloads, RecordingsReader, RecordingsWriter } from './recordings.js';
import type { ReplaysReader, ReplaysWriter } from './replays.js';

export interface WriterRoles {
  readonly journalWriter: JournalWriter;
  readonly quarantineWriter: QuarantineWriter;
  readonly projection: Projection;
  readonly recordingsWriter: RecordingsWriter;
  readonly downloads: Downloads;
  readonly endpointsWriter: EndpointsWriter;
  readonly dispatch: Dispatch;
  readonly replaysWriter: ReplaysWriter;
  readonly linkKeysWriter: LinkKeysWriter;
  readonly publishing: Publishing;
}

export interface ReaderRoles {
  readonly journal: JournalReader;
  readonly calls: CallsReader;
  readonly recordings: RecordingsReader;
  readonly quarantine: QuarantineReader;
  readonly endpoints: EndpointsReader;
  readonly deliveries: DeliveriesReader;
  readonly replays: ReplaysReader;
  readonly linkKeys: LinkKeysReader;
}

/** An open store: each role by its name. Nobody is handed all of it but the place that builds things. */
export interface Store extends WriterRoles, ReaderRoles, CommonRoles {
  readonly inbox: InboxWriter;
  /** Waits for what is under way, then closes; later calls fail with `closed`. */
  close(): Promise<void>;
}
