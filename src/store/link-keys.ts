/** A key that signs links to recordings; an older one still verifies until `expiresAt`, because links outlive a rotation. */
export interface LinkKey {
  /** Short word of a–z and digits; part of each link that it signed. */
  readonly id: string;
  /** 32 random bytes, base64url. */
  readonly secret: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
}

export interface LinkKeysWriter {
  /** Atomic: `key` signs from now on; those before it expire at `othersUntil` unless they do before. Adding the same id again changes nothing. */
  rotate(key: LinkKey, othersUntil: number): Promise<void>;
}

export interface LinkKeysReader {
  /** Newest first; expired ones too. */
  list(): Promise<LinkKey[]>;
}
