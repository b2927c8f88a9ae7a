import type { Clock } from '../domain/clock.js';
import type { InboxWriter, ReceivedPush, Spool, SpoolUsage } from '../store/inbox.js';
import type { ProcessInbox } from '../store/shared-roles.js';
import { type Asked, inTurn } from './in-turn.js';

/** `both`: the database, and the spool where it cannot. `store`: the database alone. `local`: the spool first. */
export type InboxMode = 'both' | 'store' | 'local';

export interface SpoolingInboxParts {
  readonly mode: InboxMode;
  readonly database: InboxWriter;
  /** With `store` it is not appended to: what an earlier start left in it is on its way to the database. */
  readonly spool?: Spool;
  /** See push-key.ts. */
  readonly newKey: () => string;
  readonly clock: Clock;
  /** Pushes go elsewhere from now on; `error` is why, where something is wrong. */
  readonly onTurn: (turn: InboxTurn) => void;
}

export interface InboxTurn {
  readonly goesTo: ProcessInbox['goesTo'];
  readonly error?: unknown;
}

/** Where pushes go, since when, and what waits in the spool. */
export interface InboxState extends ProcessInbox {
  readonly since: number;
}

/** Of one group: with what may wait before it and the other place behind it, an answer stays inside 650 ms. */
const budgetMs = 250;
/** The first choice must be twice as good when pushes come back to it as it was when they left: no swinging about the limit. */
const backWithinMs = budgetMs / 2;
const probeEveryMs = 1_000;
/** More than this takes a sound database a good part of the budget: its lateness would say nothing. */
const heavyBytes = 8 * 1024 * 1024;

interface Place {
  readonly name: ProcessInbox['goesTo'];
  readonly inbox: Pick<InboxWriter, 'append' | 'probe'>;
}

/**
 * An inbox of two: a first choice, and a second for when that fails. Which is which says the mode; with `store` there
 * is no second, and all of this does nothing but give keys.
 *
 * Every push has a key before anybody hears of it, and keeps it wherever it goes. So it may be in both places, or come
 * to the database twice: there it is one push. Nothing here has to know whether an attempt that was given up had
 * succeeded, and it is never undone.
 *
 * - **At the first.** Groups go there. One that fails, or has no answer within the budget, goes to the second as well,
 *   is acknowledged as soon as either has it, and turns the state to *away*. An answer that comes later changes
 *   nothing, in particular not the state: it is the past that speaks.
 * - **Away.** Groups go to the second at once, and no push waits for the first; it is asked only if the second cannot
 *   take them (full, no space), because one of two unsound places may still be better than a refusal. Once a second
 *   the first is probed, a durable write; one that is answered in half the budget turns the state back. Until then a
 *   probe without an answer is forgotten and the next one goes out: what is half-open never answers.
 *
 * A group that leaves while the state turns, in either direction, ends by the order it began with. Its trouble counts
 * only for the state that it began in: of a hundred groups on their way when a database dies, one turns the state, and
 * none of the others turns it once more when pushes have long come back.
 *
 * A group is refused when both have failed, and then the sender hears 503. Heavy groups go to the spool first, where
 * there is one: they would be late in any database, and turn the state for all others.
 */
export class SpoolingInbox implements InboxWriter {
  readonly #first: Place;
  readonly #second: Place | undefined;
  #isAway = false;
  #turns = 0;
  #since: number;
  #nextProbe: NodeJS.Timeout | undefined;
  #isClosed = false;
  #lastUsage: SpoolUsage = { pending: 0, bytes: 0 };

  constructor(private readonly parts: SpoolingInboxParts) {
    const database: Place = { name: 'database', inbox: parts.database };
    const local: Place | undefined = parts.spool && { name: 'local', inbox: parts.spool };
    const isLocalFirst = parts.mode === 'local' && local !== undefined;
    this.#first = isLocalFirst ? local : database;
    this.#second = parts.mode === 'store' ? undefined : isLocalFirst ? database : local;
    this.#since = parts.clock();
  }

  async append(pushes: readonly ReceivedPush[]): Promise<void> {
    const { newKey } = this.parts;
    let bytes = 0;
    const keyed = pushes.map((push) => {
      bytes += push.body.byteLength;
      return push.key === undefined ? { ...push, key: newKey() } : push;
    });
    await this.#inTurn(this.#orderFor(bytes), (inbox) => inbox.append(keyed));
  }

  /** Rejects where neither could take a push; notices, as a push would, that the first cannot. */
  async probe(): Promise<void> {
    await this.#inTurn(this.#orderFor(0), (inbox) => inbox.probe());
  }

  /** Of the database's inbox. What is in the spool leaves it by being drained. */
  discard(request: Parameters<InboxWriter['discard']>[0]): Promise<number> {
    return this.parts.database.discard(request);
  }

  /** As `discard`. */
  discardOf(request: Parameters<InboxWriter['discardOf']>[0]): Promise<number | undefined> {
    return this.parts.database.discardOf(request);
  }

  get goesTo(): ProcessInbox['goesTo'] {
    return (this.#isAway ? this.#second : undefined)?.name ?? this.#first.name;
  }

  /** Never rejects: where the spool itself does not answer, with what was known of it last. */
  async state(): Promise<InboxState> {
    try {
      if (this.parts.spool) this.#lastUsage = await this.parts.spool.usage();
    } catch {
      // What is wrong with it is told by the next push that it refuses.
    }
    return { goesTo: this.goesTo, since: this.#since, ...this.#lastUsage };
  }

  /** Ends the probing. What is under way ends by itself. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#nextProbe);
  }

  #orderFor(bytes: number): readonly Place[] {
    if (!this.#second) return [this.#first];
    const spoolFirst = this.#isAway || (bytes > heavyBytes && this.#second.name === 'local');
    return spoolFirst ? [this.#second, this.#first] : [this.#first, this.#second];
  }

  async #inTurn(order: readonly Place[], ask: (inbox: Place['inbox']) => Promise<void>): Promise<void> {
    const turnsBefore = this.#turns;
    const asked = order.map(({ name, inbox }): Asked => {
      return { name: name === 'local' ? 'local inbox' : 'database', ask: async () => ask(inbox) };
    });
    await inTurn(asked, budgetMs, (place, error) => {
      if (place === 0 && order[0] === this.#first && this.#turns === turnsBefore) this.#leave(error);
    });
  }

  #leave(error: unknown): void {
    if (this.#isAway || !this.#second || this.#isClosed) return;
    this.#turn(true, error);
    this.#probeLater();
  }

  #turn(isAway: boolean, error?: unknown): void {
    this.#isAway = isAway;
    this.#turns++;
    this.#since = this.parts.clock();
    this.parts.onTurn({ goesTo: this.goesTo, ...(error === undefined ? {} : { error }) });
  }

  #probeLater(): void {
    this.#nextProbe = setTimeout(() => {
      const first: Asked = { name: this.#first.name, ask: () => this.#first.inbox.probe() };
      let isLate = false;
      const probed = inTurn([first], backWithinMs, () => {
        isLate = true;
        if (!this.#isClosed) this.#probeLater();
      });
      probed.then(
        () => {
          if (!isLate && !this.#isClosed) this.#turn(false);
        },
        () => undefined,
      );
    }, probeEveryMs);
  }
}
