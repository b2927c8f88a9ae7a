import type { DeliveryReason } from '../domain/delivery.js';
import { EgressError, type EgressReason } from '../net/egress-error.js';
import { isAcknowledged } from '../protocol/acknowledgement.js';
import type { AttemptNews } from './breaker.js';

/** An acknowledgement is `{"code":0,"msg":"…"}`: nothing that is longer than this is one. */
export const maxAnswerBytes = 64 * 1024;

export interface Answer {
  readonly status: number;
  /** The first `maxAnswerBytes` of the body, as text. */
  readonly body: string;
  /** Whether there was more. */
  readonly isLonger: boolean;
}

/** What one attempt at a push came to. */
export interface PushResult {
  readonly reason: DeliveryReason;
  readonly news: AttemptNews | 'stopped';
  /** Nobody was there to take the push: the connection never came about. */
  readonly foundNobody: boolean;
}

/** What an answer to a push means (specification, "Response description"; protocol page, section 1). */
export function classifyAnswer({ status, body, isLonger }: Answer): PushResult {
  if (status === 200) {
    if (isLonger) return failed('answer-too-large');
    return isAcknowledged(status, body)
      ? { reason: 'acknowledged', news: 'success', foundNobody: false }
      : failed('no-acknowledgement');
  }
  if (status >= 300 && status < 400) return failed('redirect');
  if (status === 400 || status === 413 || status === 422) return answered('content-refused');
  if (status === 429) return failed('throttled');
  if (status >= 400 && status < 500) return answered('request-refused');
  if (status >= 500 && status < 600) return failed('server-error');
  return failed('unexpected-status');
}

const egressReasons: Readonly<Record<EgressReason, DeliveryReason>> = {
  'bad-url': 'address-not-allowed',
  'host-not-allowed': 'address-not-allowed',
  'address-not-allowed': 'address-not-allowed',
  'dns-failure': 'dns-failure',
  'tls-failure': 'tls-failure',
  'connection-refused': 'connection-refused',
  'connection-reset': 'connection-reset',
  truncated: 'truncated',
  timeout: 'timeout',
  'bad-answer': 'bad-answer',
  aborted: 'stopped',
};

/** What it means that no whole answer came; undefined for an error that is our own mistake. */
export function classifyError(error: unknown, hasAnswered: boolean): PushResult | undefined {
  if (!(error instanceof EgressError)) return undefined;
  if (error.reason === 'aborted') return { reason: 'stopped', news: 'stopped', foundNobody: false };
  return {
    reason: egressReasons[error.reason],
    news: 'failed',
    foundNobody: !hasAnswered && error.progress?.isConnected !== true,
  };
}

function failed(reason: DeliveryReason): PushResult {
  return { reason, news: 'failed', foundNobody: false };
}

function answered(reason: DeliveryReason): PushResult {
  return { reason, news: 'answered', foundNobody: false };
}
