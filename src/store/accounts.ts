import type { AccountRole, Actor, Grant, Right } from '../domain/rights.js';

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

/** What an account signs in with beside its password. */
export interface SecondFactor {
  /** Base32; in clear, since codes are made of it. */
  readonly secret: string;
  /** The last 30 seconds, by number, of which a code was taken: it is taken no second time. */
  readonly takenStep: number;
  /** Lower-case hex SHA-256 of those that were not used yet. */
  readonly recoveryHashes: readonly string[];
}

export interface SecondFactors {
  find(accountId: string): Promise<SecondFactor | undefined>;
  /** In the place of what there was; undefined: there is none any more. False: there is no such account. */
  set(accountId: string, factor: SecondFactor | undefined): Promise<boolean>;
  /** Atomic. False: this step, or a later one, was taken before. */
  takeStep(accountId: string, step: number): Promise<boolean>;
  /** Atomic. False: there is no such code, or none any more. */
  takeRecoveryCode(accountId: string, hash: string): Promise<boolean>;
}

/** A key pair of an account whose other half is in somebody's device, or in what keeps their passwords (WebAuthn). */
export interface Passkey {
  /** As the device names it, base64url. */
  readonly id: string;
  readonly accountId: string;
  /** Its owner's word for it. */
  readonly name: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** Of signatures, as the device told it last; 0 where it counts none. */
  readonly counter: number;
  /** How browsers reach the device, in their own words. */
  readonly transports: readonly string[];
  readonly createdAt: number;
  readonly lastUsedAt?: number;
}

export interface PasskeyUse {
  /** When the challenge was made: an older one, and the same again, are taken no more. */
  readonly challengedAt: number;
  readonly counter: number;
  readonly now: number;
}

export interface Passkeys {
  /** Oldest first. */
  listOf(accountId: string): Promise<Passkey[]>;
  find(id: string): Promise<Passkey | undefined>;
  /** False: there is one of this id, or the account has `most`, or there is no such account. Atomic. */
  add(passkey: Passkey, most: number): Promise<boolean>;
  /** Atomic. False: a challenge as young was taken before, or there is no such passkey any more. */
  use(id: string, use: PasskeyUse): Promise<boolean>;
  /** False: the account has none of this id. */
  remove(accountId: string, id: string): Promise<boolean>;
  /** Returns how many there were. */
  removeOf(accountId: string): Promise<number>;
}

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

/** An API key as kept: the key itself is shown once, when made, and only its SHA-256 stays. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Lower-case hex SHA-256 of the key. */
  readonly hash: string;
  /** What it may do. */
  readonly scopes: readonly Right[];
  readonly createdAt: number;
  /** Absent: it does not end. */
  readonly expiresAt?: number;
  /** Who made it; for a key that a key made, who made that one. Absent for those of before there were owners. */
  readonly owner?: Pick<Actor, 'kind' | 'id' | 'name'>;
  /** The owner's account was removed, or may not sign in. */
  readonly isOrphaned?: true;
  /** To within an hour. */
  readonly lastUsedAt?: number;
}

export interface ApiKeys {
  add(key: Omit<ApiKey, 'id' | 'lastUsedAt' | 'isOrphaned'>): Promise<ApiKey>;
  list(): Promise<ApiKey[]>;
  findByHash(hash: string): Promise<ApiKey | undefined>;
  /** It was used now. */
  touch(id: string, now: number): Promise<void>;
  /** False: no such key. */
  remove(id: string): Promise<boolean>;
}
