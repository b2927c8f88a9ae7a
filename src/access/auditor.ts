import type { Actor } from '../domain/rights.js';
import type { AuditAction } from '../domain/audit-actions.js';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { AuditLog, NewAuditRecord, AuditLogReader } from '../store/audit-log.js';
import { chainStart, findBreak } from '../store/audit-chain.js';

/** One act, as whoever takes part in it tells it. */
export interface AuditedAct {
  readonly actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  readonly action: AuditAction;
  readonly subject?: { readonly kind: string; readonly id: string };
  /** Small JSON, without secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly address?: string;
}

/** Of what Earshot writes by itself. */
export const earshotActor = { kind: 'earshot', id: 'earshot', name: 'Earshot' } as const;
/** Of what somebody did who could not be told. */
export const nobodyActor = { kind: 'nobody', id: 'nobody', name: 'nobody' } as const;

/**
 * Writes the audit log: before the answer of what a record tells of, and durably. What cannot be told is not done:
 *
 * - a look, a listen, a download is refused when its record cannot be written;
 * - a change is refused beforehand while the record of an earlier one could not be written. A record can only be
 *   written of a change that has happened, so the one change that meets the failure is done and answered 503; that
 *   there was one is the first thing that is written once the log can be written again (`audit.interrupted`).
 */
export class Auditor {
  readonly #log: AuditLog;
  readonly #clock: Clock;
  /** Acts that no record tells of, since the log could last be written. */
  #missed = 0;
  #missedSince = 0;

  constructor(log: AuditLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Before a change. Rejects with `audit-unavailable` where it could not be told afterwards. */
  async beReady(): Promise<void> {
    if (this.#missed > 0) await this.#append([]);
  }

  /** Resolves once the record is durable. Rejects with `audit-unavailable`. */
  async record(act: AuditedAct): Promise<void> {
    try {
      await this.#append([act]);
    } catch (error) {
      if (this.#missed === 0) this.#missedSince = this.#clock();
      this.#missed++;
      throw error;
    }
  }

  async #append(acts: readonly AuditedAct[]): Promise<void> {
    const at = this.#clock();
    // Taken by this call: another at the same time must not tell of the same gap.
    const missed = this.#missed;
    this.#missed = 0;
    try {
      await this.#log.append([...this.#gapOf(missed, at), ...acts.map((act) => ({ ...act, at }))]);
    } catch (error) {
      this.#missed += missed;
      throw new AppError('audit-unavailable', 'The audit log cannot be written at the moment.', {
        cause: error,
      });
    }
  }

  #gapOf(acts: number, at: number): NewAuditRecord[] {
    if (acts === 0) return [];
    const detail = { acts, since: new Date(this.#missedSince).toISOString() };
    return [{ at, actor: earshotActor, action: 'audit.interrupted', detail }];
  }
}

/** More than happen within one window; only there so that the memory is bounded. */
const maxKept = 20_000;

/** What was told of within the last while, so that the many requests of one listen are told of once. */
export class RecentActs {
  readonly #toldAt = new Map<string, number>();

  constructor(
    private readonly windowMs: number,
    private readonly clock: Clock,
  ) {}

  /** Whether it was told of within the window, by this process. */
  has(act: string): boolean {
    const at = this.#toldAt.get(act);
    if (at === undefined) return false;
    const ago = this.clock() - at;
    // A clock that was set back does not keep acts out of the audit log until it has caught up.
    return ago >= 0 && ago < this.windowMs;
  }

  add(act: string): void {
    if (this.#toldAt.size >= maxKept) this.#toldAt.clear();
    this.#toldAt.set(act, this.clock());
  }
}

/** Records that are read at a time: others get their turn in between. */
const step = 1_000;

interface ChainVerdict {
  readonly isIntact: boolean;
  /** How many records were checked. */
  readonly records: number;
  /** `seq` of the first record that does not continue the chain. */
  readonly brokenAt: number | undefined;
  /** Of the last record that does. */
  readonly lastHash: string;
}

/** Follows the chain of the audit log from its start. What is appended meanwhile is checked as well. */
export async function verifyChain(log: Pick<AuditLogReader, 'read'>): Promise<ChainVerdict> {
  let last = { seq: 0, hash: chainStart };
  let records = 0;
  for (;;) {
    const page = await log.read(last.seq, step);
    const broken = findBreak(last, page);
    const whole = broken ? page.slice(0, page.indexOf(broken)) : page;
    records += whole.length;
    last = whole.at(-1) ?? last;
    if (broken) return { isIntact: false, records, brokenAt: broken.seq, lastHash: last.hash };
    if (page.length < step) return { isIntact: true, records, brokenAt: undefined, lastHash: last.hash };
    // A page of the embedded store may be there at once: without this nothing else would be answered meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
