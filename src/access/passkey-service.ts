import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { Account, Accounts, Passkey, Passkeys } from '../store/accounts.js';
import type { LinkKey, LinkKeysReader } from '../store/link-keys.js';

/** Long enough to look for a device and to type its PIN. */
const challengeMs = 5 * 60 * 1000;
const nonceBytes = 16;
const headBytes = 8 + nonceBytes;

/**
 * What a device has to sign: when it was made, 16 random bytes, and our signature of both, of what it is for and of
 * whom. So nothing has to be kept of those who only ask; that one is taken once is the passkey's row's to say.
 */
function makeChallenge(purpose: string, keys: readonly LinkKey[], now: number): string {
  const key = keys.find(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  if (!key) throw new Error('there is no key to sign challenges with');
  const head = Buffer.alloc(headBytes);
  head.writeBigUInt64BE(BigInt(now));
  randomBytes(nonceBytes).copy(head, 8);
  return Buffer.concat([head, sign(head, purpose, key)]).toString('base64url');
}

/** When the challenge was made; undefined where it is not ours, for something else, or too old. */
function readChallenge(
  challenge: string,
  purpose: string,
  keys: readonly LinkKey[],
  now: number,
): number | undefined {
  const bytes = Buffer.from(challenge, 'base64url');
  const [head, signature] = [bytes.subarray(0, headBytes), bytes.subarray(headBytes)];
  if (signature.length !== 32) return undefined;
  const at = Number(head.readBigUInt64BE());
  const isOurs = keys.some(
    (key) => (key.expiresAt ?? Infinity) > now && timingSafeEqual(signature, sign(head, purpose, key)),
  );
  return isOurs && Math.abs(now - at) < challengeMs ? at : undefined;
}

/** The keys sign links, too: no link begins like this. */
function sign(head: Buffer, purpose: string, { secret }: LinkKey): Buffer {
  return createHmac('sha256', Buffer.from(secret, 'base64url'))
    .update(`PASSKEY\n${purpose}\n`)
    .update(head)
    .digest();
}

/** Whom passkeys are made for: browsers give them to no other host (WebAuthn, 5.1.2 and 13.4.9). */
interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** `public-url-missing`: nobody has said where this is. `public-url-unfit`: browsers have no passkeys there. */
type NoPasskeys = 'public-url-missing' | 'public-url-unfit';

export function relyingPartyOf(publicUrl: string | undefined): RelyingParty | NoPasskeys {
  if (publicUrl === undefined) return 'public-url-missing';
  const { protocol, hostname, origin } = new URL(publicUrl);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) > 0;
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost');
  return !isAddress && (protocol === 'https:' || isHere) ? { id: hostname, origin } : 'public-url-unfit';
}

interface PasskeyServiceDeps {
  readonly passkeys: Passkeys;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly linkKeys: LinkKeysReader;
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
}

/** What a browser said of a device; its shape is looked at by whoever verifies it. */
interface PasskeyAnswer {
  readonly id: string;
}

type PasskeyVerdict =
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
export class PasskeyService {
  constructor(private readonly deps: PasskeyServiceDeps) {}

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
