import type { Overview } from '../../../../src/contract/service.ts';
import type { Status } from '../../../../src/contract/status.ts';
import { isRefusing } from '../../endpoints/shown-state.ts';

/** What is to be told; its words are texts of the same name. */
export type FindingName =
  | 'storeUnreachable'
  | 'storeFull'
  | 'archivingWaits'
  | 'overdue'
  | 'dyingNow'
  | 'dyingSoon'
  | 'inboxWaits'
  | 'slowAcknowledgement'
  | 'consumerBehind'
  | 'blocked'
  | 'lost'
  | 'endpointFailing'
  | 'endpointRefusing'
  | 'deadDeliveries'
  | 'quarantine'
  | 'madeUp'
  | 'diskSoonFull';

export interface Finding {
  readonly name: FindingName;
  /** `bad`: something was lost and nobody has acknowledged it, or is about to be. `warn`: somebody should look. `note`: it happened. */
  readonly severity: 'bad' | 'warn' | 'note';
  readonly count?: number;
  /** The name of the endpoint that it is about. */
  readonly who?: string;
  /** The endpoint that it is about. */
  readonly endpointId?: string;
}

export interface Verdict {
  /** Whether anything was or is being lost, in one word, as grave as the gravest finding; `unknown` where nobody can tell at this moment. */
  readonly word: 'fine' | 'attention' | 'loss' | 'unknown';
  /** The gravest first. */
  readonly findings: readonly Finding[];
}

/** A push is sorted within a second as a rule; after a minute something is wrong. */
const inboxLateMs = 60_000;
/** Half of the time that the sender gives us: what is slower now is too slow under load. */
const slowAckMs = 350;
/** The sender's patience less a network: beyond it pushes come again, and after three times no more. */
const lateAckMs = 650;
/** Entries that a consumer may be behind by in a burst without anybody noticing. */
const behindEntries = 10_000;
/** Before the id of an endpoint, in the name of its consumer. */
const endpointPrefix = 'endpoint:';
const diskWarnDays = 14;
const diskBadDays = 2;

/**
 * Answers "is anything being lost?" from what the server tells of itself. Without the overview, in which are the
 * deadlines, it never says that nothing is.
 */
export function judge(status: Status, overview: Overview | undefined, nowMs: number): Verdict {
  const found = [
    ...judgeStore(status, nowMs),
    ...judgeIntake(status),
    ...judgeRecordings(status, overview),
    ...judgeConsumers(status),
    ...judgeEndpoints(status),
    ...judgeDisk(status, overview),
  ];
  const findings = (['bad', 'warn', 'note'] as const).flatMap((severity) =>
    found.filter((finding) => finding.severity === severity),
  );
  const worst = findings[0]?.severity ?? 'note';
  if (worst === 'bad') return { word: 'loss', findings };
  if (!overview) return { word: 'unknown', findings };
  return { word: worst === 'warn' ? 'attention' : 'fine', findings };
}

function judgeStore({ store, inbox }: Status, nowMs: number): Finding[] {
  const isLate = inbox.oldestAt !== undefined && nowMs - Date.parse(inbox.oldestAt) > inboxLateMs;
  return [
    ...when(store.state === 'unreachable', { name: 'storeUnreachable', severity: 'warn' }),
    ...when(isLate, { name: 'inboxWaits', severity: 'warn', count: inbox.pending }),
  ];
}

function judgeIntake({ intake: { ackMs } }: Status): Finding[] {
  const p99 = ackMs.p99 ?? 0;
  const count = Math.round(p99);
  return when(p99 > slowAckMs, {
    name: 'slowAcknowledgement',
    severity: p99 > lateAckMs ? 'bad' : 'warn',
    count,
  });
}

function judgeRecordings({ recordings, quarantine }: Status, overview: Overview | undefined): Finding[] {
  const overdue = overview?.radar.overdue ?? 0;
  const now = overview?.radar.hours[0] ?? 0;
  const dying = overview?.radar.hours.slice(1, 24).reduce((sum, each) => sum + each, 0) ?? 0;
  return [
    ...when(overdue > 0, { name: 'overdue', severity: 'bad', count: overdue }),
    ...when(now > 0, { name: 'dyingNow', severity: 'bad', count: now }),
    ...when(dying > 0, { name: 'dyingSoon', severity: 'warn', count: dying }),
    ...when(recordings.blocked > 0, { name: 'blocked', severity: 'warn', count: recordings.blocked }),
    ...when(recordings.lost > 0, { name: 'lost', severity: 'bad', count: recordings.lost }),
    ...when(recordings.madeUp > 0, { name: 'madeUp', severity: 'note', count: recordings.madeUp }),
    ...when(quarantine > 0, { name: 'quarantine', severity: 'note', count: quarantine }),
  ];
}

function judgeConsumers({ consumers }: Status): Finding[] {
  return consumers
    .filter(({ lag }) => lag > behindEntries)
    .map(({ name, lag }) => ({
      ...{ name: 'consumerBehind', severity: 'warn', count: lag, who: name },
      ...(name.startsWith(endpointPrefix) && { endpointId: name.slice(endpointPrefix.length) }),
    }));
}

function judgeEndpoints({ endpoints }: Status): Finding[] {
  const dead = endpoints.reduce((sum, endpoint) => sum + endpoint.dead, 0);
  return [
    ...endpoints
      .filter(({ state }) => state === 'failing')
      .map(
        ({ id, name }) => ({ name: 'endpointFailing', severity: 'warn', who: name, endpointId: id }) as const,
      ),
    ...endpoints
      .filter(isRefusing)
      .map(
        ({ id, name }) =>
          ({ name: 'endpointRefusing', severity: 'warn', who: name, endpointId: id }) as const,
      ),
    ...when(dead > 0, { name: 'deadDeliveries', severity: 'warn', count: dead }),
  ];
}

function judgeDisk({ storage }: Status, overview: Overview | undefined): Finding[] {
  const { daysLeft, freeBytes } = overview?.storage ?? {};
  if (freeBytes === 0) return [{ name: 'storeFull', severity: 'bad' }];
  if (storage.isFull) return [{ name: 'archivingWaits', severity: 'bad' }];
  if (daysLeft === undefined || daysLeft > diskWarnDays) return [];
  const severity = daysLeft > diskBadDays ? 'warn' : 'bad';
  return [{ name: 'diskSoonFull', severity, count: Math.floor(daysLeft) }];
}

function when(condition: boolean, finding: Finding): Finding[] {
  return condition ? [finding] : [];
}
