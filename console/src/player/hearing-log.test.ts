import { describe, expect, it } from 'vitest';
import { HearingLog } from './hearing-log.ts';

describe('what was heard', () => {
  it('is one stretch while it plays on', () => {
    const log = new HearingLog();
    for (const second of [0, 0.5, 1, 1.5]) log.play(second, 1);
    log.stop();
    expect(log.take()).toEqual([{ from: 0, to: 1.5, rate: 1 }]);
    expect(log.take()).toEqual([]);
  });

  it('ends where one jumps, and goes on where one lands', () => {
    const log = new HearingLog();
    log.play(0, 1);
    log.play(2, 1);
    log.play(60, 1);
    log.play(61, 1);
    log.play(10, 1);
    log.play(11, 1);
    expect(log.take()).toEqual([
      { from: 0, to: 2, rate: 1 },
      { from: 60, to: 61, rate: 1 },
      { from: 10, to: 11, rate: 1 },
    ]);
  });

  it('tells of each rate by itself', () => {
    const log = new HearingLog();
    log.play(0, 1);
    log.play(2, 1);
    log.play(2.5, 2);
    log.play(6, 2);
    expect(log.take()).toEqual([
      { from: 0, to: 2, rate: 1 },
      { from: 2.5, to: 6, rate: 2 },
    ]);
  });

  it('is taken while it plays, without a gap and nothing twice', () => {
    const log = new HearingLog();
    log.play(0, 1);
    log.play(2, 1);
    expect(log.take()).toEqual([{ from: 0, to: 2, rate: 1 }]);
    log.play(4, 1);
    log.stop(4.5);
    expect(log.take()).toEqual([{ from: 2, to: 4.5, rate: 1 }]);
  });

  it('is nothing where it only stood still', () => {
    const log = new HearingLog();
    log.play(5, 1);
    log.stop();
    log.stop();
    expect(log.take()).toEqual([]);
  });
});
