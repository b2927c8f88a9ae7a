import { describe } from 'vitest';
import { describeAcknowledgements } from './describe-acknowledgements.js';
import { describeApiKeys } from './describe-api-keys.js';
import { describeCallSearch } from './describe-call-search.js';
import { describeAccounts } from './describe-accounts.js';
import { describeAudit } from './describe-audit.js';
import { describeDeliveries } from './describe-deliveries.js';
import { describeDispatchHistories } from './describe-dispatch-histories.js';
import { describeDispatch } from './describe-dispatch.js';
import { describeDownloads } from './describe-downloads.js';
import { describeEndpoints } from './describe-endpoints.js';
import { describeHistories } from './describe-histories.js';
import { describeInbox } from './describe-inbox.js';
import { describeJournal } from './describe-journal.js';
import { describeProjection } from './describe-projection.js';
import { describePublishing } from './describe-publishing.js';
import { describeQuarantine } from './describe-quarantine.js';
import { describeRecordings } from './describe-recordings.js';
import { describeReplays } from './describe-replays.js';
import { describePasskeys } from './describe-passkeys.js';
import { describeSecondFactors } from './describe-second-factors.js';
import { describeSessions } from './describe-sessions.js';
import { describeSettlements } from './describe-settlements.js';
import { describeHours } from './describe-hours.js';
import { describeJobs } from './describe-jobs.js';
import { describeReviews } from './describe-reviews.js';
import { describeSavedViews } from './describe-saved-views.js';
import { describeSourceErasure } from './describe-source-erasure.js';
import { describeSourceLimits } from './describe-source-limits.js';
import { describeSources } from './describe-sources.js';
import { describeWaveforms } from './describe-waveforms.js';
import type { OpenStore } from './store-under-test.js';

export interface SuiteOptions {
  /** Random histories tried in each property; opening a store costs more in some back ends than in others. */
  readonly histories: number;
}

/** What every back end of the store must do: src/store's interfaces and the rules of the public surface. */
export function describeStore(name: string, open: OpenStore, options: SuiteOptions): void {
  describePeople(name, open);
  describeReceiving(name, open, options);
  describeSending(name, open, options);
}

/** From the inbox to the recordings. */
export function describeReceiving(name: string, open: OpenStore, { histories }: SuiteOptions): void {
  describeParts(name, open, {
    ...{ inbox: describeInbox, journal: describeJournal, quarantine: describeQuarantine },
    ...{ projection: describeProjection, 'call search': describeCallSearch, recordings: describeRecordings },
    downloads: describeDownloads,
    histories: () => describeHistories(open, histories),
  });
}

/** From the journal to the endpoints, and what is published. */
export function describeSending(name: string, open: OpenStore, { histories }: SuiteOptions): void {
  describeParts(name, open, {
    ...{ endpoints: describeEndpoints, dispatch: describeDispatch, settlements: describeSettlements },
    ...{ deliveries: describeDeliveries, replays: describeReplays, publishing: describePublishing },
    acknowledgements: describeAcknowledgements,
    'dispatch histories': () => describeDispatchHistories(open, histories),
  });
}

/** People and their work. */
export function describePeople(name: string, open: OpenStore): void {
  describeParts(name, open, {
    ...{ accounts: describeAccounts, sessions: describeSessions, 'API keys': describeApiKeys },
    'second factors': describeSecondFactors,
    passkeys: describePasskeys,
    ...{ audit: describeAudit, sources: describeSources, 'source limits': describeSourceLimits },
    ...{ 'source erasure': describeSourceErasure },
    ...{ 'saved views': describeSavedViews, reviews: describeReviews, jobs: describeJobs },
    ...{ waveforms: describeWaveforms, hours: describeHours },
  });
}

/** Each part in a block of its own: a test opens the store of its part, and not one for every part. */
function describeParts(
  name: string,
  open: OpenStore,
  parts: Readonly<Record<string, (open: OpenStore) => void>>,
): void {
  describe.each(Object.entries(parts))(`${name}, %s`, (_part, describePart) => {
    describePart(open);
  });
}
