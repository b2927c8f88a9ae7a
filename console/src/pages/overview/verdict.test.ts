import { describe, expect, it } from 'vitest';
import type { Overview } from '../../../../src/contract/service.ts';
import type { Status } from '../../../../src/contract/status.ts';
import { judge, type FindingName } from './verdict.ts';

const nowMs = Date.UTC(2026, 0, 5, 12);
const iso = (ms: number): string => new Date(nowMs + ms).toISOString();

const fine: Status = {
  version: '1.0.0',
  instance: 'i',
  startedAt: iso(-1000),
  intake: { pushesPerMinute: 10, messagesPerMinute: 20, duplicatesPerMinute: 0, ackMs: { p50: 3, p99: 20 } },
  inbox: { pending: 3, oldestAt: iso(-800) },
  journal: { lastSeq: 100 },
  consumers: [{ name: 'projector', cursor: 99, lag: 1 }],
  endpoints: [{ id: 'e', name: 'crm', state: 'active', lag: 0, pending: 0, dead: 0 }],
  recordings: { pending: 1, archived: 50, lost: 0, blocked: 0, acknowledged: 0, madeUp: 0 },
  quarantine: 0,
  store: { kind: 'embedded', state: 'reachable', since: iso(-1000) },
  readiness: { ready: true },
  processes: [],
  storage: { freeBytes: 1e12 },
};
const calm: Overview = {
  recent: [],
  radar: { overdue: 0, hours: Array.from({ length: 168 }, (_, hour) => (hour > 100 ? 1 : 0)) },
  storage: { freeBytes: 1e12, bytesPerDay: 1e9, daysLeft: 1000 },
  archivedByHour: [],
};

const names = (status: Status, overview: Overview | undefined = calm): FindingName[] =>
  judge(status, overview, nowMs).findings.map(({ name }) => name);

describe('the verdict', () => {
  it('is that nothing is being lost where nothing is wrong', () => {
    expect(judge(fine, calm, nowMs)).toEqual({ word: 'fine', findings: [] });
  });

  it('is that nobody knows where the deadlines are not told, unless something is being lost without them', () => {
    expect(judge(fine, undefined, nowMs)).toEqual({ word: 'unknown', findings: [] });
    expect(judge({ ...fine, quarantine: 1 }, undefined, nowMs)).toEqual({
      word: 'unknown',
      findings: [{ name: 'quarantine', severity: 'note', count: 1 }],
    });
    const late: Status = { ...fine, intake: { ...fine.intake, ackMs: { p99: 660 } } };
    expect(judge(late, undefined, nowMs).word).toBe('loss');
  });

  it('is that something is being lost once a link has run out before its recording was archived', () => {
    const verdict = judge(fine, { ...calm, radar: { ...calm.radar, overdue: 2 } }, nowMs);
    expect(verdict).toEqual({ word: 'loss', findings: [{ name: 'overdue', severity: 'bad', count: 2 }] });
  });

  it('warns of links that die within a day, and not of those that die later', () => {
    const hours = calm.radar.hours.map((_, hour) => (hour === 23 || hour === 24 ? 1 : 0));
    const verdict = judge(fine, { ...calm, radar: { overdue: 0, hours } }, nowMs);
    expect(verdict).toEqual({
      word: 'attention',
      findings: [{ name: 'dyingSoon', severity: 'warn', count: 1 }],
    });
  });

  it('calls it loss when a link dies within the hour', () => {
    const hours = calm.radar.hours.map((_, hour) => (hour === 0 ? 2 : 0));
    expect(judge(fine, { ...calm, radar: { overdue: 0, hours } }, nowMs)).toEqual({
      word: 'loss',
      findings: [{ name: 'dyingNow', severity: 'bad', count: 2 }],
    });
  });

  it('warns of an endpoint that is served and refuses most pushes', () => {
    const endpoint = { id: 'e', name: 'crm', state: 'active', lag: 0, pending: 0, dead: 0 } as const;
    const withRate = (successRate: number) => names({ ...fine, endpoints: [{ ...endpoint, successRate }] });
    expect(withRate(0)).toEqual(['endpointRefusing']);
    expect(withRate(0.9)).toEqual([]);
  });

  it('warns of slow acknowledgements at half of the sender’s patience, and calls them loss at the end of it', () => {
    const withP99 = (p99: number): Status => ({ ...fine, intake: { ...fine.intake, ackMs: { p99 } } });
    expect(judge(withP99(340), calm, nowMs).word).toBe('fine');
    expect(judge(withP99(400), calm, nowMs).word).toBe('attention');
    expect(judge(withP99(660), calm, nowMs).word).toBe('loss');
  });

  it('is as grave as what stands below it: a recording that was lost is loss until somebody acknowledges it', () => {
    const of = (recordings: Partial<Status['recordings']>) =>
      judge({ ...fine, recordings: { ...fine.recordings, ...recordings }, quarantine: 1 }, calm, nowMs);
    const verdict = of({ lost: 3 });
    expect(of({ acknowledged: 3 }).word).toBe('fine');
    expect(verdict.word).toBe('loss');
    expect(verdict.findings.map(({ name }) => name)).toEqual(['lost', 'quarantine']);
  });

  it('names endpoints that fail, consumers that are behind, and pushes that nobody sorts', () => {
    const endpoints = [
      { id: 'e', name: 'crm', state: 'failing', lag: 9, pending: 1, dead: 2 },
      { id: 'f', name: 'paused on purpose', state: 'paused', lag: 9, pending: 0, dead: 0 },
    ] satisfies Status['endpoints'];
    const status = {
      ...fine,
      endpoints,
      consumers: [{ name: 'analyser', cursor: 0, lag: 20_000 }],
      inbox: { pending: 7, oldestAt: iso(-61_000) },
      store: { ...fine.store, state: 'unreachable' as const },
    };
    expect(names(status)).toEqual([
      'storeUnreachable',
      'inboxWaits',
      'consumerBehind',
      'endpointFailing',
      'deadDeliveries',
    ]);
  });

  it('counts the days of the disk', () => {
    const withDays = (daysLeft: number): Overview => ({ ...calm, storage: { ...calm.storage, daysLeft } });
    expect(judge(fine, withDays(15), nowMs).word).toBe('fine');
    expect(judge(fine, withDays(5.5), nowMs).findings).toEqual([
      { name: 'diskSoonFull', severity: 'warn', count: 5 },
    ]);
    expect(judge(fine, withDays(1.5), nowMs).word).toBe('loss');
    expect(names(fine, { ...calm, storage: { freeBytes: 0 } })).toEqual(['storeFull']);
  });

  it('says that archiving waits for space', () => {
    const full = { ...fine, storage: { freeBytes: 1e9, reservedBytes: 1e9, isFull: true } };
    expect(judge(full, calm, nowMs)).toMatchObject({
      word: 'loss',
      findings: [{ name: 'archivingWaits', severity: 'bad' }],
    });
  });

  it('tells the gravest first', () => {
    const status = { ...fine, recordings: { ...fine.recordings, lost: 1, blocked: 1 } };
    expect(names(status, { ...calm, radar: { ...calm.radar, overdue: 1 } })).toEqual([
      'overdue',
      'lost',
      'blocked',
    ]);
  });
});
