import { describe, expect, it } from 'vitest';
import { endpointDefaults, type EndpointHealth } from '../domain/endpoint.js';
import type { PushResult } from './classify-answer.js';
import { judge, type EndedAttempt } from './verdict.js';

const now = 5_000_000;
const closed: EndpointHealth = { failuresInARow: 0 };
const open: EndpointHealth = { failuresInARow: 3, probeAt: now };
const acknowledged: PushResult = { reason: 'acknowledged', news: 'success', foundNobody: false };
const broken: PushResult = { reason: 'server-error', news: 'failed', foundNobody: false };
const away: PushResult = { reason: 'connection-refused', news: 'failed', foundNobody: true };
const refused: PushResult = { reason: 'content-refused', news: 'answered', foundNobody: false };

let ids = 0;
const judged = (
  result: PushResult,
  {
    health = closed,
    settings = {},
    ...more
  }: Partial<EndedAttempt> & { health?: EndpointHealth; settings?: object } = {},
) =>
  judge(
    { delivery: { seqs: [5, 6, 7], attempts: 0 }, asked: false, now, result, ...more },
    {
      ...{ settings: { ...endpointDefaults, ...settings }, health, random: () => 0 },
      newWebhookId: () => `msg_${++ids}`,
    },
  );

describe('the verdict of an attempt', () => {
  it('is delivered when it was acknowledged', () => {
    expect(judged(acknowledged)).toEqual({ verdict: { kind: 'delivered' }, health: closed, isProbe: false });
  });

  it('is a retry by the schedule, and dead beyond it', () => {
    const kinds = [0, 1, 2, 3].map(
      (attempts) => judged(broken, { delivery: { seqs: [1], attempts } }).verdict,
    );
    expect(kinds).toEqual([
      { kind: 'retry', nextAttemptAt: now + 60_000 },
      { kind: 'retry', nextAttemptAt: now + 300_000 },
      { kind: 'retry', nextAttemptAt: now + 600_000 },
      { kind: 'dead' },
    ]);
  });

  it('halves what was refused for its content, until the cause stands alone', () => {
    const { verdict, health } = judged(refused);
    expect(verdict).toMatchObject({ kind: 'halved', halves: [{ seqs: [5, 6] }, { seqs: [7] }] });
    expect(verdict.kind === 'halved' && verdict.halves[0].webhookId).not.toBe(
      verdict.kind === 'halved' && verdict.halves[1].webhookId,
    );
    expect(health).toEqual(closed);
    expect(judged(refused, { delivery: { seqs: [7], attempts: 0 } }).verdict.kind).toBe('retry');
    expect(judged(refused, { settings: { halving: false } }).verdict.kind).toBe('retry');
  });

  it('does not count a probe that found nobody', () => {
    expect(judged(away, { asked: true, health: open })).toEqual({
      verdict: { kind: 'retry', nextAttemptAt: now + 120_000 },
      health: { failuresInARow: 4, probeAt: now + 120_000 },
      isProbe: true,
    });
    expect(judged(away).isProbe).toBe(false);
  });

  it('counts a probe that found somebody', () => {
    expect(judged(broken, { asked: true, health: open })).toMatchObject({
      verdict: { kind: 'retry', nextAttemptAt: now + 60_000 },
      isProbe: false,
    });
  });

  it('is no verdict when we stopped it ourselves', () => {
    const stopped: PushResult = { reason: 'stopped', news: 'stopped', foundNobody: false };
    expect(judged(stopped, { health: open })).toEqual({
      ...{ verdict: { kind: 'released' }, health: open, isProbe: false },
    });
  });
});
