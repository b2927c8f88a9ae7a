import type { Actor } from '../domain/rights.js';
import type { AuditAction } from '../domain/audit-actions.js';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { AuditLog, NewAuditRecord } from '../store/audit-log.js';

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
