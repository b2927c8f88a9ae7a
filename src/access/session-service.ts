import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { Account, Accounts, Session, Sessions } from '../store/accounts.js';

/** A browser that nobody uses for this long is signed out: a working day, not a night. */
const idleMs = 12 * 60 * 60 * 1000;
/** Whoever works on all the time signs in again once a week. */
const longestMs = 7 * 24 * 60 * 60 * 1000;
/** Whoever has signed in elsewhere is asked for there again: what they may is decided by their groups there. */
const longestElsewhereMs = 60 * 60 * 1000;
/** Use is written down once in this time: a page asks for many things at once. */
const touchMs = 60_000;
/** Who changes people, keys and sources must have shown within this time who they are. */
const provenForMs = 15 * 60 * 1000;
/** More than are ever signed in; only there so that the memory is bounded. */
const maxTouched = 10_000;
/** At each sign-in, this many of those that have expired are deleted. */
const swept = 500;

export interface OpenedSession {
  /** For the cookie alone. */
  readonly token: string;
  readonly session: Session;
  readonly account: Account;
}

interface Arrival {
  readonly address: string;
  readonly userAgent?: string | undefined;
  /** When they have shown who they are, where that was not just now. */
  readonly shownAt?: number | undefined;
}

interface SessionServiceDeps {
  readonly sessions: Pick<Sessions, 'open' | 'find' | 'touch' | 'prove' | 'sweep'>;
  readonly accounts: Pick<Accounts, 'change'>;
  /** 32 random bytes in the alphabet of cookies. */
  readonly newSecret: () => string;
  readonly clock: Clock;
}

/** Opens sessions of browsers and finds them again. */
export class SessionService {
  readonly #deps: SessionServiceDeps;
  readonly #touchedAt = new Map<string, number>();

  constructor(deps: SessionServiceDeps) {
    this.#deps = deps;
  }

  async open(account: Account, { address, userAgent, shownAt = Infinity }: Arrival): Promise<OpenedSession> {
    const { sessions, newSecret, clock } = this.#deps;
    const token = newSecret();
    const now = clock();
    const session: Session = {
      hash: hashOfToken(token),
      accountId: account.id,
      createdAt: now,
      lastSeenAt: now,
      provenAt: Math.min(shownAt, now),
      expiresAt: endOf(account, now, now),
      address,
      ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, 300) }),
    };
    await sessions.open(session);
    await this.#seen(session, account, now);
    await sessions.sweep(now, swept);
    return { token, session, account };
  }

  /** Undefined: there is none, it has expired, or its account is disabled. Asks the store each time: a session that was ended is ended. */
  async find(token: string): Promise<OpenedSession | undefined> {
    const now = this.#deps.clock();
    const found = await this.#deps.sessions.find(hashOfToken(token), now);
    if (!found) return undefined;
    const { session, account } = found;
    const seenAt = Math.max(session.lastSeenAt, this.#touchedAt.get(session.hash) ?? 0);
    if (now - seenAt < touchMs) return { token, ...found };
    return { token, ...found, session: await this.#seen(session, account, now) };
  }

  /** Somebody at this browser has shown again who they are. */
  async prove(opened: OpenedSession): Promise<OpenedSession> {
    const provenAt = this.#deps.clock();
    await this.#deps.sessions.prove(opened.session.hash, provenAt);
    return { ...opened, session: { ...opened.session, provenAt } };
  }

  isProven({ session }: OpenedSession): boolean {
    return this.#deps.clock() < provenUntil(session);
  }

  /** That it could not be written down that somebody was here is no reason to send them away. */
  async #seen(session: Session, account: Account, now: number): Promise<Session> {
    const { sessions, accounts } = this.#deps;
    if (this.#touchedAt.size >= maxTouched) this.#touchedAt.clear();
    this.#touchedAt.set(session.hash, now);
    const expiresAt = endOf(account, session.createdAt, now);
    try {
      await sessions.touch(session.hash, now, expiresAt);
      await accounts.change(session.accountId, { lastSeenAt: now });
    } catch {
      return session;
    }
    return { ...session, lastSeenAt: now, expiresAt };
  }
}

export function provenUntil({ provenAt }: Pick<Session, 'provenAt'>): number {
  return provenAt + provenForMs;
}

function endOf({ identity }: Account, createdAt: number, now: number): number {
  return Math.min(now + idleMs, createdAt + (identity ? longestElsewhereMs : longestMs));
}

/** Lower-case hex SHA-256: all that the store keeps of a token. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * What a page of ours sends back with every change. Made of the session's token, which no script can read, so that it
 * need not be kept, holds as long as the session does, and cannot be made by anybody who has none.
 */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('earshot: changes of this session').digest('base64url');
}

/** Compares in constant time. */
export function isCsrfToken(given: string, token: string): boolean {
  const expected = Buffer.from(csrfTokenOf(token));
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

/** Under which a session is shown and ended: tells nothing about its token. */
export function publicSessionId(hash: string): string {
  return hash.slice(0, 20);
}
