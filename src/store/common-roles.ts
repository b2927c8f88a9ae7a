import type {
  Accounts,
  ApiKeys,
  Passkeys,
  SecondFactors,
  Sessions,
  Setup,
  SignInFailures,
} from './accounts.js';
import type { AuditLog, AuditLogReader } from './audit-log.js';
import type { DeliveriesReader, Dispatch } from './deliveries.js';
import type { EndpointsReader, EndpointsWriter } from './endpoints.js';
import type { Hours } from './hours.js';
import type { Jobs, JobWork } from './jobs.js';
import type { LinkKeysReader, LinkKeysWriter } from './link-keys.js';
import type { QuarantineReader, QuarantineWriter } from './quarantine.js';
import type { Downloads, RecordingsWriter } from './recordings.js';
import type { ReplaysReader, ReplaysWriter } from './replays.js';
import type { Acknowledgements, Comments, SavedViews, Tags } from './reviews.js';
import type { SourceErasure, SourceLimits, Sources } from './sources.js';
import type { WaveformsReader, WaveformsWriter } from './waveforms.js';

/** Roles that are written once for all back ends (shared-sql/). */
export interface CommonRoles {
  readonly accounts: Accounts;
  readonly setup: Setup;
  readonly secondFactors: SecondFactors;
  readonly passkeys: Passkeys;
  readonly sessions: Sessions;
  readonly signInFailures: SignInFailures;
  readonly apiKeys: ApiKeys;
  readonly auditLog: AuditLog;
  readonly auditLogReader: AuditLogReader;
  readonly sources: Sources;
  readonly sourceLimits: SourceLimits;
  readonly sourceErasure: SourceErasure;
  readonly savedViews: SavedViews;
  readonly acknowledgements: Acknowledgements;
  readonly comments: Comments;
  readonly tags: Tags;
  readonly jobs: Jobs;
  readonly jobWork: JobWork;
  readonly waveforms: WaveformsReader;
  readonly waveformsWriter: WaveformsWriter;
  readonly hours: Hours;
  readonly recordingsWriter: RecordingsWriter;
  readonly downloads: Downloads;
  readonly quarantine: QuarantineReader;
  readonly quarantineWriter: QuarantineWriter;
  readonly endpoints: EndpointsReader;
  readonly endpointsWriter: EndpointsWriter;
  readonly deliveries: DeliveriesReader;
  readonly dispatch: Dispatch;
  readonly replays: ReplaysReader;
  readonly replaysWriter: ReplaysWriter;
  readonly linkKeys: LinkKeysReader;
  readonly linkKeysWriter: LinkKeysWriter;
}
