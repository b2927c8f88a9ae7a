import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { Account, Accounts, SecondFactors, SignInFailures } from '../store/accounts.js';
import { isPassword } from './passwords.js';
import { takeCode } from './second-factor.js';
import { forgetFailures, networkOf, recordFailure, waitOf } from './sign-in-throttle.js';

export interface SignInServiceDeps {
  readonly accounts: Pick<Accounts, 'findByName'>;
  readonly signInFailures: SignInFailures;
  readonly secondFactors: SecondFactors;
  readonly clock: Clock;
}

export interface SignInAttempt {
  readonly name: string;
  readonly password: string;
  readonly address: string;
  /** Of those who have a second factor; absent: it is not known yet whether there is one. */
  readonly code?: string | undefined;
  /** Their session has shown the second factor when it was opened: the password is enough. */
  readonly isSignedIn?: true;
}

/** `account` where the name is one: what else was typed there may be a password. */
export type SignInVerdict =
  | { readonly kind: 'ok'; readonly account: Account; readonly by: string }
  | { readonly kind: 'wrong' | 'disabled'; readonly account?: Account }
  | { readonly kind: 'code-needed' | 'code-wrong'; readonly account: Account }
  | { readonly kind: 'wait'; readonly waitMs: number };

/** This many may wait for their turn; more at once are nobody's. */
const maxWaiting = 100;
/** Of one address, so that no other one is kept from its turn. */
const maxWaitingOfOne = 10;

/**
 * Compares names and passwords. One attempt at a time: failures that are being counted cannot be outrun, and hashing,
 * which is slow by intent, takes one of libuv's threads and no more. Whoever has to wait is told so before they queue.
 * Which of the two was wrong is not told, nor can it be measured.
 */
export class SignInService {
  readonly #deps: SignInServiceDeps;
  #last: Promise<unknown> = Promise.resolve();
  /** How many wait, by the network of their address. */
  readonly #waiting = new Map<string, number>();

  constructor(deps: SignInServiceDeps) {
    this.#deps = deps;
  }

  /** Rejects with `sign-in-throttled` where too many ask at once. */
  async judge(attempt: SignInAttempt): Promise<SignInVerdict> {
    const { signInFailures, clock } = this.#deps;
    const waitMs = await waitOf(attempt, signInFailures, clock());
    if (waitMs > 0) return { kind: 'wait', waitMs };
    return this.#queue(networkOf(attempt.address), () => this.#judge(attempt));
  }

  async #queue<T>(network: string, work: () => Promise<T>): Promise<T> {
    const ofThisOne = this.#waiting.get(network) ?? 0;
    const all = [...this.#waiting.values()].reduce((sum, waiting) => sum + waiting, 0);
    if (ofThisOne >= maxWaitingOfOne || all >= maxWaiting) {
      throw new AppError('sign-in-throttled', 'Too many people sign in at once. Try again in a moment.');
    }
    this.#waiting.set(network, ofThisOne + 1);
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      const left = (this.#waiting.get(network) ?? 1) - 1;
      if (left > 0) this.#waiting.set(network, left);
      else this.#waiting.delete(network);
    }
  }

  async #judge(attempt: SignInAttempt): Promise<SignInVerdict> {
    const { accounts, signInFailures, clock } = this.#deps;
    // Again: those before in the queue may have failed meanwhile.
    const waitMs = await waitOf(attempt, signInFailures, clock());
    if (waitMs > 0) return { kind: 'wait', waitMs };
    const found = await accounts.findByName(attempt.name);
    if (await isPassword(attempt.password, found?.passwordHash)) {
      const account = (found as { account: Account }).account;
      if (account.isDisabled) return { kind: 'disabled', account };
      if (!account.hasSecondFactor || attempt.isSignedIn) {
        await forgetFailures(attempt, signInFailures);
        return { kind: 'ok', account, by: 'password' };
      }
      return this.#judgeCode(account, attempt);
    }
    await recordFailure(attempt, signInFailures, clock());
    return { kind: 'wrong', ...(found ? { account: found.account } : {}) };
  }

  /** Failures are not forgotten before the code is right, too: who has the password guesses at codes no faster. */
  async #judgeCode(account: Account, attempt: SignInAttempt): Promise<SignInVerdict> {
    const { signInFailures, clock } = this.#deps;
    if (attempt.code === undefined) return { kind: 'code-needed', account };
    const taken = await takeCode(account.id, attempt.code, this.#deps);
    if (taken === undefined) {
      await recordFailure(attempt, signInFailures, clock());
      return { kind: 'code-wrong', account };
    }
    await forgetFailures(attempt, signInFailures);
    return { kind: 'ok', account, by: `password and ${taken}` };
  }
}
