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
