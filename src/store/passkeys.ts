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
