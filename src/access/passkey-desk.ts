import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { Account, Accounts } from '../store/accounts.js';
import type { LinkKeysReader } from '../store/link-keys.js';
import type { Passkey, Passkeys } from '../store/passkeys.js';
import { makeChallenge, readChallenge } from './passkey-challenge.js';
import { relyingPartyOf, type NoPasskeys, type RelyingParty } from './relying-party.js';

export interface PasskeyDeskDeps {
  readonly passkeys: Passkeys;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly linkKeys: LinkKeysReader;
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
}

/** What a browser said of a device; its shape is looked at by whoever verifies it. */
export interface PasskeyAnswer {
  readonly id: string;
}

export type PasskeyVerdict =
  | { readonly kind: 'ok'; readonly account: Account }
  | { readonly kind: 'wrong' | 'disabled'; readonly account?: Account };

const mostOfAccount = 20;
/** EdDSA, ES256, RS256 (RFC 9053, RFC 8812): what devices and browsers have. */
const algorithms = [-8, -7, -257];
const timeoutMs = 4 * 60 * 1000;

/**
 * Passkeys of local accounts. A device shows by itself that its owner is there (PIN, finger, face): user verification is
 * demanded, so that a passkey is two factors, and neither password nor code is asked for beside it.
 */
export class PasskeyDesk {
  constructor(private readonly deps: PasskeyDeskDeps) {}

  /** Why there are none here; undefined where there are. */
  whyNone(): NoPasskeys | undefined {
    const party = relyingPartyOf(this.deps.publicUrl);
    return typeof party === 'string' ? party : undefined;
  }

  /** What a browser makes one by, in the form of `PublicKeyCredentialCreationOptionsJSON`. */
  async toMake({ id, name, displayName }: Account) {
    const { passkeys } = this.deps;
    const party = this.#party();
    const challenge = await this.#challenge(toMakeFor(id));
    return {
      challenge,
      rp: { id: party.id, name: 'Earshot' },
      user: {
        id: Buffer.from(id).toString('base64url'),
        name,
        displayName: displayName ?? name,
      },
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key' as const, alg })),
      timeout: timeoutMs,
      attestation: 'none' as const,
      authenticatorSelection: {
        residentKey: 'required' as const,
        requireResidentKey: true,
        userVerification: 'required' as const,
      },
      excludeCredentials: (await passkeys.listOf(id)).map((known) => ({
        ...{ type: 'public-key' as const, id: known.id, transports: [...known.transports] },
      })),
    };
  }

  /** What a browser signs by, in the form of `PublicKeyCredentialRequestOptionsJSON`: whose, the device knows. */
  async toUse() {
    return {
      challenge: await this.#challenge(toSignIn),
      rpId: this.#party().id,
      timeout: timeoutMs,
      userVerification: 'required' as const,
    };
  }

  /** Rejects with `passkey-refused`. */
  async add(account: Account, name: string, answer: PasskeyAnswer): Promise<Passkey> {
    const { passkeys, clock } = this.deps;
    const party = this.#party();
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const isOurs = await this.#taker(toMakeFor(account.id));
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer as unknown as RegistrationResponseJSON,
      expectedChallenge: (challenge) => isOurs(challenge) !== undefined,
      ...expected(party),
      supportedAlgorithmIDs: algorithms,
    }).catch(refuse);
    if (!registrationInfo) return refuse();
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    const passkey: Passkey = {
      ...{ id, accountId: account.id, name, counter, transports, createdAt: clock() },
      publicKey: Buffer.from(publicKey).toString('base64url'),
    };
    if (await passkeys.add(passkey, mostOfAccount)) return passkey;
    throw new AppError('passkey-refused', `It is known already, or there are ${mostOfAccount} of them.`);
  }

  /** Whose passkey signed; each challenge is taken once. */
  async judge(answer: PasskeyAnswer): Promise<PasskeyVerdict> {
    const { passkeys, accounts, clock } = this.deps;
    const party = this.#party();
    const known = await passkeys.find(answer.id);
    const account = known && (await accounts.get(known.accountId));
    if (!known || !account) return { kind: 'wrong' };
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const isOurs = await this.#taker(toSignIn);
    let challengedAt: number | undefined;
    const verified = await verifyAuthenticationResponse({
      response: answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: (challenge) => {
        challengedAt = isOurs(challenge);
        return challengedAt !== undefined;
      },
      ...expected(party),
      credential: {
        ...{ id: known.id, counter: known.counter },
        publicKey: new Uint8Array(Buffer.from(known.publicKey, 'base64url')),
      },
    }).catch(() => undefined);
    if (!verified?.verified || challengedAt === undefined) return { kind: 'wrong', account };
    if (account.isDisabled) return { kind: 'disabled', account };
    const { newCounter: counter } = verified.authenticationInfo;
    const isTaken = await passkeys.use(known.id, { challengedAt, counter, now: clock() });
    return { kind: isTaken ? 'ok' : 'wrong', account };
  }

  #party(): RelyingParty {
    const party = relyingPartyOf(this.deps.publicUrl);
    if (typeof party !== 'string') return party;
    throw new AppError(
      'passkeys-unavailable',
      party === 'public-url-missing'
        ? 'EARSHOT_PUBLIC_URL is not set.'
        : 'EARSHOT_PUBLIC_URL is neither https with a name nor localhost.',
    );
  }

  async #challenge(purpose: string): Promise<string> {
    const { linkKeys, clock } = this.deps;
    return makeChallenge(purpose, await linkKeys.list(), clock());
  }

  async #taker(purpose: string): Promise<(challenge: string) => number | undefined> {
    const keys = await this.deps.linkKeys.list();
    return (challenge) => readChallenge(challenge, purpose, keys, this.deps.clock());
  }
}

const toSignIn = 'sign in';

function toMakeFor(accountId: string): string {
  return `make ${accountId}`;
}

function expected({ id, origin }: RelyingParty) {
  return { expectedOrigin: origin, expectedRPID: id, requireUserVerification: true };
}

function refuse(cause?: unknown): never {
  throw new AppError('passkey-refused', 'What the device said could not be verified, or came too late.', {
    cause,
  });
}
