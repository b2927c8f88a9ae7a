import type { AccountRole, Grant } from '../domain/rights.js';

/** Somebody who signs in. */
export interface Account extends Grant {
  readonly id: string;
  /** What they sign in with; unique whatever its case. */
  readonly name: string;
  readonly displayName?: string;
  readonly role: AccountRole;
  readonly hasPassword: boolean;
  /** Signing in with the password asks for a code, too. */
  readonly hasSecondFactor: boolean;
  /** Of a sign-in elsewhere. */
  readonly identity?: AccountIdentity;
  /** Cannot sign in; what they did stays theirs. */
  readonly isDisabled: boolean;
  readonly createdAt: number;
  readonly lastSeenAt?: number;
}

/** OpenID Connect: `sub` at `iss`. */
export interface AccountIdentity {
  readonly issuer: string;
  readonly subject: string;
}

export interface NewAccount extends Grant {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string;
  /** As argon2 encodes it. */
  readonly passwordHash?: string;
  readonly identity?: AccountIdentity;
  readonly now: number;
}

/** What is undefined is forgotten, what is absent stays. */
export interface AccountChange {
  readonly name?: string;
  readonly displayName?: string | undefined;
  readonly role?: AccountRole;
  readonly mayListen?: boolean | undefined;
  readonly mayDownload?: boolean | undefined;
  readonly passwordHash?: string;
  readonly isDisabled?: boolean;
  readonly lastSeenAt?: number;
}

/** `last-administrator`: nobody could administer any more. */
export type AccountRefusal = 'name-taken' | 'last-administrator' | 'unknown';

export interface Accounts {
  create(account: NewAccount): Promise<Account | 'name-taken'>;
  /** Oldest first; there are hundreds at most. */
  list(): Promise<Account[]>;
  get(id: string): Promise<Account | undefined>;
  /** Whatever the case of the name. */
  findByName(name: string): Promise<{ account: Account; passwordHash?: string } | undefined>;
  findByIdentity(identity: AccountIdentity): Promise<Account | undefined>;
  /** Atomic; an administrator who is not disabled remains in any case. */
  change(id: string, change: AccountChange): Promise<Account | AccountRefusal>;
  /** Atomic: with its sessions. */
  remove(id: string): Promise<'removed' | Exclude<AccountRefusal, 'name-taken'>>;
}

/** Who has the token of a set-up link may use it for a day. */
export const setupTokenMs = 24 * 60 * 60 * 1000;

/** Until there is an administrator, whoever has a token that is not older than a day may create the first. */
export interface Setup {
  isNeeded(): Promise<boolean>;
  /** Any number of them hold side by side. Nothing happens once there is an administrator. */
  addToken(hash: string, now: number): Promise<void>;
  isToken(hash: string, now: number): Promise<boolean>;
  /** Atomic: the first administrator, and no token holds any more. */
  createFirst(
    tokenHash: string,
    account: NewAccount,
  ): Promise<Account | 'token-unknown' | 'done-already' | 'name-taken'>;
}
