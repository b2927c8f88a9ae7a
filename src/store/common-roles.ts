import type { Acknowledgements } from './acknowledgements.js';
import type { Accounts, Setup } from './accounts.js';
import type { ApiKeys } from './api-keys.js';
import type { AuditLog, AuditLogReader } from './audit-log.js';
import type { Hours } from './hours.js';
import type { Jobs, JobWork } from './jobs.js';
import type { Comments, Tags } from './reviews.js';
import type { SavedViews } from './saved-views.js';
import type { SecondFactors } from './second-factors.js';
import type { Sessions, SignInFailures } from './sessions.js';
import type { SourceErasure } from './source-erasure.js';
import type { SourceLimits } from './source-limits.js';
import type { Sources } from './sources.js';
import type { WaveformsReader, WaveformsWriter } from './waveforms.js';

/** People and their work: written once for all back ends (shared-sql/). */
export interface CommonRoles {
  readonly accounts: Accounts;
  readonly setup: Setup;
  readonly secondFactors: SecondFactors;
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
}
