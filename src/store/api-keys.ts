/** An API key as kept: the key itself is shown once, when made, and only its SHA-256 stays. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Lower-case hex SHA-256 of the key. */
  readonly hash: string;
  readonly createdAt: number;
}

export interface ApiKeys {
  add(key: Omit<ApiKey, 'id'>): Promise<ApiKey>;
  list(): Promise<ApiKey[]>;
  findByHash(hash: string): Promise<ApiKey | undefined>;
  /** False: no such key. */
  remove(id: string): Promise<boolean>;
}
