import type { Account } from './accounts.js';

/** A browser that is signed in. Its token is only in its cookie. */
export interface Session {
  /** Lower-case hex SHA-256 of the token. */
  readonly hash: string;
  readonly accountId: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When whoever uses it last showed who they are, by password or elsewhere. */
  readonly provenAt: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly userAgent?: string;
}

export interface Sessions {
  open(session: Session): Promise<void>;
  /** Undefined: unknown, expired, or its account is disabled. */
  find(hash: string, now: number): Promise<{ session: Session; account: Account } | undefined>;
  touch(hash: string, now: number, expiresAt: number): Promise<void>;
  prove(hash: string, at: number): Promise<void>;
  close(hash: string): Promise<void>;
  /** All of an account, but the one that asks. Returns how many. */
  closeOf(accountId: string, exceptHash?: string): Promise<number>;
  /** Newest first. */
  listOf(accountId: string, now: number): Promise<Session[]>;
  /** Deletes what has expired, at most `limit`. */
  sweep(now: number, limit: number): Promise<number>;
}

/** Failures to sign in, by name and by address; for all processes together. */
export interface SignInFailures {
  /** Failures under this key since `since`, the latest first; at most a few hundred are kept. */
  since(key: string, since: number): Promise<number[]>;
  record(key: string, at: number): Promise<void>;
  clear(key: string): Promise<void>;
  /** Deletes those before, at most `limit`. */
  sweep(before: number, limit: number): Promise<number>;
}
