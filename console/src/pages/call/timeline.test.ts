import { describe, expect, it } from 'vitest';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import type { Delivery } from '../../../../src/contract/deliveries.ts';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { tellTimeline, type Known } from './timeline.ts';

const at = (minute: number): string => new Date(Date.UTC(2025, 4, 22, 4, minute)).toISOString();
const call: CallDetail = {
  callId: '1^2',
  flags: [],
  recordings: [],
  startAt: at(0),
  endAt: at(2),
  firstReceivedAt: at(3),
  at: at(0),
  lastReceivedAt: at(3),
  messages: [
    {
      seq: 7,
      type: 'AlicomAgentCallRecord',
      callId: '1^2',
      receivedAt: at(3),
      source: 'default',
      message: {},
    },
  ],
};
const attempt = { durationMs: 5, bytes: 0 };
const recording: RecordingDetail = {
  id: 'r1',
  callId: '1^2',
  state: 'archived',
  host: 'h',
  path: '/p',
  deadlineAt: at(50),
  attempts: 2,
  flags: [],
  asset: { bytes: 9, sha256: '', container: 'wav', seconds: 120, archivedAt: at(10), fileName: 'f' },
  attemptLog: [
    { at: at(4), outcome: 'retry', reason: 'not-found', ...attempt },
    { at: at(9), outcome: 'ok', reason: 'archived', ...attempt },
  ],
};
const by = { actor: 'wen', actorKind: 'account' } as const;
const nothing: Known = { call, recordings: [], deliveries: [], history: [] };
const kinds = (known: Partial<Known>): string[] =>
  tellTimeline({ ...nothing, ...known }).map(({ kind }) => kind);

describe('the timeline of a call', () => {
  it('goes from the call to the push, its failures, the archive, deliveries and listens', () => {
    const delivery: Delivery = {
      id: 'd1',
      endpointId: 'e1',
      state: 'delivered',
      webhookId: 'w',
      count: 1,
      firstSeq: 7,
      lastSeq: 7,
      attempts: 1,
      createdAt: at(11),
      deliveredAt: at(12),
    };
    const history = [{ at: at(20), action: 'recording.heard', ...by, seconds: 61 }];
    expect(kinds({ recordings: [recording], deliveries: [delivery], history })).toEqual([
      ...['began', 'ended', 'received', 'failed', 'archived', 'delivered', 'done'],
    ]);
  });

  it('tells what is still to come of a recording that waits', () => {
    const { asset: _asset, ...rest } = recording;
    const waiting: RecordingDetail = { ...rest, state: 'pending', nextAttemptAt: at(30), attemptLog: [] };
    expect(kinds({ recordings: [waiting] }).slice(-2)).toEqual(['next', 'deadline']);
  });

  it('dates a loss by the attempt that decided it, or by the deadline', () => {
    const { asset: _asset, ...rest } = recording;
    const lost = (reason: string): Known => ({
      ...nothing,
      recordings: [{ ...rest, state: 'lost', reason, attemptLog: recording.attemptLog.slice(0, 1) }],
    });
    expect(tellTimeline(lost('expired')).find(({ kind }) => kind === 'lost')?.atMs).toBe(Date.parse(at(4)));
    expect(tellTimeline(lost('deadline-passed')).find(({ kind }) => kind === 'lost')?.atMs).toBe(
      Date.parse(at(50)),
    );
  });

  it('has a recording that somebody deleted told of by the history alone, not as a loss at its deadline', () => {
    const { asset: _asset, ...rest } = recording;
    const deleted: RecordingDetail = { ...rest, state: 'deleted', attemptLog: [] };
    const history = [{ at: at(20), action: 'recording.deleted', ...by }];
    expect(kinds({ recordings: [deleted], history })).toEqual(['began', 'ended', 'received', 'done']);
  });

  it('tells of somebody’s looks within half an hour once, and of every listen', () => {
    const look = (minute: number) => ({ at: at(minute), action: 'call.viewed', ...by });
    const listen = (minute: number) => ({ ...look(minute), action: 'recording.heard', seconds: 5 });
    const history = [listen(24), listen(23), look(22), look(21), look(20)];
    expect(kinds({ history }).filter((kind) => kind === 'done')).toHaveLength(3);
  });
});
