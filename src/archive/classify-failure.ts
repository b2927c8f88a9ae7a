import type { DownloadReason } from '../domain/recording.js';
import { parseRetryAfter } from '../domain/outcome.js';
import { EgressError, type EgressReason } from '../net/egress-error.js';
import { wordsOf } from '../protocol/answer-words.js';
import { StorageError } from '../storage/asset-storage.js';

/** Why an attempt did not archive, and what that means for the next. */
export interface Failure {
  readonly outcome: 'retry' | 'refuse' | 'aborted';
  readonly reason: DownloadReason;
  /** A few words fit for a log and an API, where there were any those of the other side: never a link. */
  readonly detail?: string;
  readonly retryAfterMs?: number;
  /** `slow`: mends itself seldom, if ever. */
  readonly pace?: 'slow';
  /** Nothing was asked for: it waits for another day of its source. */
  readonly waitsUntil?: number;
  /** All bytes of the recording are here, and wait for a storage that takes them: the link is needed no more. */
  readonly isHeld?: true;
}

/** Thrown inside an attempt; caught at its edge. */
export class DownloadFailure extends Error {
  override readonly name = 'DownloadFailure';

  constructor(readonly failure: Failure) {
    super(failure.reason);
  }
}

export interface RefusedAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  /** The beginning of the body, as text. */
  readonly text: string;
  readonly now: number;
}

/** What an answer without the recording means (specification page, section 4). */
export function classifyAnswer(answer: RefusedAnswer): Failure {
  const { status } = answer;
  const words = wordsOf(answer.text);
  const retry = (reason: DownloadReason, more: Partial<Failure> = {}): Failure => ({
    outcome: 'retry',
    reason,
    ...(words === undefined ? {} : { detail: words }),
    ...more,
  });
  if (status === 403) {
    const isExpired =
      /<Code>\s*AccessDenied\s*<\/Code>/.test(answer.text) && /Request has expired/i.test(answer.text);
    return isExpired ? { ...retry('expired'), outcome: 'refuse' } : retry('forbidden', { pace: 'slow' });
  }
  if (status === 404) return retry('not-found');
  if (status === 429 || status === 503) {
    const retryAfterMs = parseRetryAfter(answer.retryAfter, answer.now);
    return retry('throttled', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (status >= 500) return retry('server-error');
  if (status >= 300 && status < 400) return retry('redirect', { pace: 'slow' });
  return retry('unexpected-status', { pace: 'slow' });
}

const egressFailures: Readonly<Record<EgressReason, Failure>> = {
  'bad-url': {
    outcome: 'refuse',
    reason: 'host-not-allowed',
    detail: 'the link is no plain http or https URL',
  },
  'host-not-allowed': { outcome: 'refuse', reason: 'host-not-allowed' },
  'address-not-allowed': { outcome: 'refuse', reason: 'address-not-allowed' },
  'dns-failure': { outcome: 'retry', reason: 'dns-failure' },
  'tls-failure': { outcome: 'retry', reason: 'tls-failure' },
  'connection-refused': { outcome: 'retry', reason: 'connection-refused' },
  'connection-reset': { outcome: 'retry', reason: 'connection-reset' },
  truncated: { outcome: 'retry', reason: 'truncated' },
  timeout: { outcome: 'retry', reason: 'timeout' },
  'bad-answer': { outcome: 'retry', reason: 'unexpected-status' },
  aborted: { outcome: 'aborted', reason: 'stopped' },
};

/** What an error during an attempt means; undefined for an error that is our own mistake. */
export function classifyError(error: unknown): Failure | undefined {
  if (error instanceof DownloadFailure) return error.failure;
  if (error instanceof StorageError) {
    const reason = error.code === 'no-space' ? 'no-space' : 'storage-failed';
    return { outcome: 'retry', reason, detail: error.message };
  }
  if (!(error instanceof EgressError)) return undefined;
  const failure = egressFailures[error.reason];
  return failure.outcome === 'retry' ? { ...failure, detail: error.message } : failure;
}
