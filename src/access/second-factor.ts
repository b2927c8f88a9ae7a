import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Clock } from '../domain/clock.js';
import type { SecondFactor, SecondFactors } from '../store/accounts.js';
import { hashOfToken } from './session-service.js';

/** As every authenticator app has it (RFC 6238): SHA-1, six digits, 30 seconds; 20 bytes of secret (RFC 4226, 4). */
const secretBytes = 20;
/** Of the code before and the one after: clocks differ, and typing takes a while. */
const toleratedSteps = 1;
const recoveryCodes = 10;
/** 80 bits: nobody finds one by trying, not even with the hash. */
const recoveryBytes = 10;

export function newSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

/** The factor that this secret is from now on, with its recovery codes; undefined where the code is not of it. */
export function createSecondFactor(
  secret: string,
  code: string,
  now: number,
): { factor: SecondFactor; recoveryCodes: string[] } | undefined {
  const takenStep = stepOf(secret, code, now);
  if (takenStep === undefined) return undefined;
  const codes = Array.from({ length: recoveryCodes }, newRecoveryCode);
  const recoveryHashes = codes.map((one) => hashOfToken(plain(one)));
  return { factor: { secret, takenStep, recoveryHashes }, recoveryCodes: codes };
}

/** Takes a code of the app, or a recovery code; each once. Undefined: it is neither, or was taken before. */
export async function takeCode(
  accountId: string,
  code: string,
  { secondFactors, clock }: { readonly secondFactors: SecondFactors; readonly clock: Clock },
): Promise<'code' | 'recovery code' | undefined> {
  const factor = await secondFactors.find(accountId);
  if (!factor) return undefined;
  const step = stepOf(factor.secret, code, clock());
  if (step !== undefined) return (await secondFactors.takeStep(accountId, step)) ? 'code' : undefined;
  const isTaken = await secondFactors.takeRecoveryCode(accountId, hashOfToken(plain(code)));
  return isTaken ? 'recovery code' : undefined;
}

function stepOf(secret: string, code: string, timestamp: number): number | undefined {
  const token = plain(code);
  if (!/^\d{6}$/.test(token)) return undefined;
  const totp = totpOf(secret);
  const delta = totp.validate({ token, timestamp, window: toleratedSteps });
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}

function totpOf(secret: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret) });
}

function newRecoveryCode(): string {
  const letters = new Secret({ buffer: new Uint8Array(randomBytes(recoveryBytes)).buffer }).base32;
  return (letters.toLowerCase().match(/.{4}/g) ?? []).join('-');
}

function plain(code: string): string {
  return code.normalize('NFKC').replaceAll(/[\s-]/g, '').toLowerCase();
}
