import { describe, expect, it } from 'vitest';
import type { AuditedAct } from './auditor.js';
import { RefusalTally, type Refusal } from './refusal-tally.js';

const refusal: Refusal = {
  actor: { kind: 'nobody', id: 'nobody', name: 'nobody' },
  ...{ address: '192.0.2.1', code: 'key-required', method: 'GET', route: '/api/v1/calls' },
};

function open() {
  const clock = { now: Date.UTC(2025, 4, 22) };
  const records: AuditedAct[] = [];
  const auditor = {
    record: (act: AuditedAct) => {
      records.push(act);
      return Promise.resolve();
    },
  };
  const tally = new RefusalTally(auditor, () => clock.now);
  return {
    clock,
    tally,
    told: () => records.splice(0).map(({ detail, address }) => ({ ...detail, address })),
  };
}

describe('refusals', () => {
  it('are told of at once, then once in ten minutes with how many there were', () => {
    const { clock, tally, told } = open();
    for (let times = 0; times < 1_000; times++) tally.add(refusal);
    expect(told()).toMatchObject([{ times: 1, code: 'key-required', address: '192.0.2.1' }]);
    clock.now += 600_000;
    tally.tell();
    expect(told()).toMatchObject([{ times: 1_000, since: '2025-05-22T00:00:00.000Z' }]);
    tally.tell();
    expect(told()).toEqual([]);
  });

  it('of one alone are told of once', () => {
    const { tally, told } = open();
    tally.add(refusal);
    tally.tell(true);
    expect(told()).toHaveLength(1);
  });

  it('are told apart by who, from where, why and at which route', () => {
    const { tally, told } = open();
    for (const other of [{}, { address: '192.0.2.2' }, { code: 'csrf-refused' }, { route: '/x' }]) {
      tally.add({ ...refusal, ...other });
    }
    expect(told()).toHaveLength(4);
  });

  it('fill no log, however many addresses they come from', () => {
    const { tally, told } = open();
    for (let n = 0; n < 5_000; n++) tally.add({ ...refusal, address: `2001:db8::${n.toString(16)}` });
    tally.tell(true);
    const all = told();
    expect(all).toHaveLength(101);
    expect(all.at(-1)).toMatchObject({ address: 'several', times: 4_900 });
  });

  it('wait for nothing, and are left out where the log cannot be written', () => {
    const tally = new RefusalTally({ record: () => Promise.reject(new Error('full')) }, () => 0);
    expect(() => {
      tally.add(refusal);
    }).not.toThrow();
  });
});
