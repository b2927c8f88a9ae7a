import { verifySignature } from '../../protocol/webhook-signature.js';
import { SimulationOptionError } from '../simulation-options.js';

/** What a receiver does to the pushes that it treats badly: any of these together. */
export interface Misbehaviour {
  /** Answers with this status instead of 200. */
  readonly status?: number;
  /** Never answers. */
  readonly hangs?: boolean;
  /** Answers this much later. */
  readonly delayMs?: number;
  /** `no-code`, `string-code`, `html`, or the text itself. */
  readonly answer?: string;
}

export interface ReceiverOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly misbehaviour: Misbehaviour;
  /** Share of the pushes, 0 to 1, that it befalls. */
  readonly badShare: number;
  /** The same seed treats the same places in the order of arrival badly. */
  readonly seed: number;
  /** `whsec_…`: what signatures are verified with; none: they are not. */
  readonly secrets: readonly string[];
}

export type ReceiverRequest = Partial<ReceiverOptions>;

/**
 * Fills in defaults: a receiver that treats nothing badly; where a misbehaviour is named, it befalls every push;
 * where only a share is, those are answered 500.
 * @throws SimulationOptionError for what cannot be.
 */
export function completeReceiverOptions(request: ReceiverRequest): ReceiverOptions {
  const { host = '127.0.0.1', port = 9000, seed = 1, secrets = [] } = request;
  const named = request.misbehaviour ?? {};
  const isNamed = Object.values(named).some((value) => value !== undefined && value !== false);
  const badShare = request.badShare ?? (isNamed ? 1 : 0);
  const misbehaviour = isNamed ? named : { status: 500 };
  requireWhole('port', port, 0, 65_535);
  requireWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  if (misbehaviour.status !== undefined) requireWhole('status', misbehaviour.status, 200, 599);
  if (misbehaviour.delayMs !== undefined) requireWhole('delay', misbehaviour.delayMs, 0, 3_600_000);
  if (!(badShare >= 0 && badShare <= 1)) {
    throw new SimulationOptionError('the share of pushes to fail must be a number from 0 to 1');
  }
  for (const secret of secrets) requireSecret(secret);
  return { host, port, seed, secrets, badShare, misbehaviour };
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new SimulationOptionError(`${name} must be a whole number from ${least} to ${most}`);
  }
}

/** A slip in a secret is found at the start, not with the first push. */
function requireSecret(secret: string): void {
  try {
    verifySignature({ secret, headers: {}, body: '', now: 0 });
  } catch {
    throw new SimulationOptionError('a secret is "whsec_" and base64, as GET of one endpoint shows it');
  }
}
