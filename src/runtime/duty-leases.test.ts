import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Duties, Duty, DutyName } from '../store/shared-roles.js';
import { DutyLeases } from './duty-leases.js';

/** Leases as the database keeps them, by a clock that the test moves. */
class DutyTable implements Duties {
  now = 0;
  isAway = false;
  readonly #held = new Map<DutyName, Duty>();

  hold(name: DutyName, holder: string, now: number, until: number): Promise<boolean> {
    if (this.isAway) return Promise.reject(new Error('away'));
    const held = this.#held.get(name);
    const isFree = !held || held.holder === holder || held.until <= now;
    if (isFree) this.#held.set(name, { name, holder, until });
    return Promise.resolve(isFree);
  }

  release(holder: string, names: readonly DutyName[]): Promise<void> {
    for (const name of names) if (this.#held.get(name)?.holder === holder) this.#held.delete(name);
    return Promise.resolve();
  }

  list(): Promise<Duty[]> {
    return Promise.resolve([...this.#held.values()]);
  }
}

function open() {
  const table = new DutyTable();
  const keeperOf = (holder: string) =>
    new DutyLeases({
      ...{
        duties: table,
        names: ['sort', 'project', 'clean'],
        holder,
        clock: () => table.now,
        stopwatch: () => table.now,
      },
      leaseMs: 10_000,
      log: pino({ level: 'silent' }),
    });
  return { table, one: keeperOf('one'), other: keeperOf('other') };
}

const ours = (leases: DutyLeases) =>
  (['sort', 'project', 'clean'] as const).filter((name) => leases.term(name) !== undefined);

describe('a leases of duties', () => {
  it('alone takes all of them, one a step, without waiting long between', async () => {
    const { one } = open();
    const waits = [await one.step(), await one.step(), await one.step(), await one.step()];
    expect(ours(one)).toEqual(['sort', 'project', 'clean']);
    expect(waits.slice(0, 3).every((ms) => ms < 500)).toBe(true);
  });

  it('that starts together with another leaves it some', async () => {
    const { one, other } = open();
    for (let round = 0; round < 3; round++) {
      await one.step();
      await other.step();
    }
    expect(ours(one)).toEqual(['sort', 'clean']);
    expect(ours(other)).toEqual(['project']);
  });

  it('keeps what it renews in time, in one term', async () => {
    const { table, one, other } = open();
    await one.step();
    const term = one.term('sort');
    for (; table.now < 60_000; table.now += 1_000) {
      await one.step();
      await other.step();
      expect(one.term('sort')).toBe(term);
    }
  });

  it('knows by itself that its lease has ended, before another can have begun', async () => {
    const { table, one, other } = open();
    await one.step();
    // Paused: it asks nobody, and the other looks at every moment.
    while (other.term('sort') === undefined) {
      table.now += 100;
      await other.step();
      expect([one.term('sort'), other.term('sort')]).toContain(undefined);
    }
    expect(table.now).toBeLessThanOrEqual(10_000);
    await one.step();
    expect(one.term('sort')).toBeUndefined();
  });

  it('begins a new term with each that it gets back', async () => {
    const { table, one, other } = open();
    await one.step();
    const first = one.term('sort');
    table.now = 20_000;
    await other.step();
    await other.release();
    await one.step();
    expect(one.term('sort')).toBeDefined();
    expect(one.term('sort')).not.toBe(first);
  });

  it('holds on to its lease while the database is away, and no longer', async () => {
    const { table, one } = open();
    await one.step();
    table.isAway = true;
    table.now = 5_000;
    await expect(one.step()).rejects.toThrow('away');
    expect(one.term('sort')).toBeDefined();
    table.now = 10_000;
    expect(one.term('sort')).toBeUndefined();
  });

  it('gives them to others at once when it is released', async () => {
    const { one, other } = open();
    await one.step();
    await one.release();
    await other.step();
    expect([ours(one), ours(other)]).toEqual([[], ['sort']]);
  });
});
