/** Why a request to the outside got no (whole) answer. An answer with an error status is none of these. */
export const egressReasons = [
  'bad-url',
  'host-not-allowed',
  'address-not-allowed',
  'dns-failure',
  'tls-failure',
  'connection-refused',
  'connection-reset',
  /** The other side closed before it had sent what it announced. */
  'truncated',
  'timeout',
  /** What came back is no HTTP. */
  'bad-answer',
  /** The caller's signal. */
  'aborted',
] as const;
export type EgressReason = (typeof egressReasons)[number];

/** Time by phase, in ms. A phase that was not reached, or not needed on a kept connection, is absent. */
export interface OutboundTimings {
  lookupMs?: number;
  connectMs?: number;
  tlsMs?: number;
  /** From the connection, or from the request on a kept one, to the end of the answer's head. */
  headMs?: number;
}

/** How far a request came that failed. */
export interface RequestProgress {
  /** Whether the other side took the connection: somebody is there. */
  readonly isConnected: boolean;
  readonly timings: OutboundTimings;
}

/** Its message never holds a URL, because a link's query is a secret. */
export class EgressError extends Error {
  override readonly name = 'EgressError';

  constructor(
    readonly reason: EgressReason,
    message: string,
    /** The address that was connected to, or refused. */
    readonly address?: string,
    /** Known of every request that was begun. */
    readonly progress?: RequestProgress,
  ) {
    super(message);
  }
}

const reasonsByCode: Readonly<Record<string, EgressReason>> = {
  ENOTFOUND: 'dns-failure',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'connection-refused',
  ENETUNREACH: 'connection-refused',
  EADDRNOTAVAIL: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  EPIPE: 'connection-reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  UND_ERR_HEADERS_OVERFLOW: 'bad-answer',
};

/** Which part of a request an error came from: the same code means different things in different parts. */
export type RequestStage = 'lookup' | 'connect' | 'tls' | 'head' | 'body';

/** Whatever Node or undici threw, as the one error of this folder. */
export function toEgressError(error: unknown, stage: RequestStage, address?: string): EgressError {
  if (error instanceof EgressError) {
    if (error.address !== undefined || address === undefined) return error;
    return new EgressError(error.reason, error.message, address);
  }
  const code = codeOf(error);
  const reason = reasonOf(code, stage);
  return new EgressError(reason, code === '' ? `failed (${stage})` : `${code} (${stage})`, address);
}

function reasonOf(code: string, stage: RequestStage): EgressReason {
  const known = reasonsByCode[code];
  if (known) return known;
  if (code.startsWith('HPE_')) return 'bad-answer';
  if (stage === 'lookup') return 'dns-failure';
  if (stage === 'tls') return 'tls-failure';
  if (stage === 'body' && code === 'UND_ERR_SOCKET') return 'truncated';
  return stage === 'connect' ? 'connection-refused' : 'connection-reset';
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  // undici's parser errors carry a code only where llhttp gave one.
  return name === 'HTTPParserError' ? 'HPE_UNKNOWN' : '';
}
