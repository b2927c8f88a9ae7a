import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointShare } from './endpoint-share.js';

const settings = { patienceMs: 3_000, keepMs: 60_000 };
let now: number;
let processes: number;
let counted: { endpoints: number; free: number };
let share: EndpointShare;

beforeEach(() => {
  now = 1_000_000;
  processes = 2;
  counted = { endpoints: 10, free: 0 };
  share = new EndpointShare({
    dispatch: { count: () => Promise.resolve(counted) },
    share: () => Promise.resolve(processes),
    clock: () => now,
    settings,
  });
});

describe('the share of a process in the endpoints', () => {
  it('is all of them where it is alone', async () => {
    processes = 1;
    expect(await share.weigh(900)).toEqual({ take: 1_000, giveBack: 0 });
    const dispatch = { count: () => Promise.reject(new Error('nobody needs to count')) };
    const alone = new EndpointShare({ dispatch, share: undefined, clock: () => now, settings });
    expect(await alone.weigh(0)).toEqual({ take: 1_000, giveBack: 0 });
  });

  it('is an equal one, rounded up: who has less takes the rest, who has more gives it back', async () => {
    expect(await share.weigh(0)).toEqual({ take: 5, giveBack: 0 });
    expect(await share.weigh(4)).toEqual({ take: 1, giveBack: 0 });
    expect(await share.weigh(5)).toEqual({ take: 0, giveBack: 0 });
    expect(await share.weigh(10)).toEqual({ take: 0, giveBack: 5 });
    processes = 3;
    expect(await share.weigh(4)).toEqual({ take: 0, giveBack: 0 });
  });

  it('is given back in steps', async () => {
    counted = { endpoints: 1_000, free: 0 };
    expect(await share.weigh(1_000)).toEqual({ take: 0, giveBack: 50 });
  });

  it('grows beyond that for what nobody else takes, and what was taken so is kept for a while', async () => {
    counted = { endpoints: 10, free: 5 };
    expect(await share.weigh(5)).toEqual({ take: 0, giveBack: 0 });
    now += settings.patienceMs - 1;
    expect(await share.weigh(5)).toEqual({ take: 0, giveBack: 0 });
    now += 1;
    expect(await share.weigh(5)).toEqual({ take: 1_000, giveBack: 0 });
    counted = { endpoints: 10, free: 0 };
    now += settings.keepMs - 1;
    expect(await share.weigh(10)).toEqual({ take: 0, giveBack: 0 });
    now += 1;
    expect(await share.weigh(10)).toEqual({ take: 0, giveBack: 5 });
  });

  it('does not grow for what others take in the meantime', async () => {
    counted = { endpoints: 10, free: 5 };
    await share.weigh(5);
    counted = { endpoints: 10, free: 0 };
    now += settings.patienceMs;
    await share.weigh(5);
    counted = { endpoints: 10, free: 1 };
    expect(await share.weigh(5)).toEqual({ take: 0, giveBack: 0 });
  });
});
