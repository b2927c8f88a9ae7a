import type { Actor, Right } from '../domain/rights.js';

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
