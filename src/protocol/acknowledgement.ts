/** The answer to a push (specification, "Response description"). */
export interface Acknowledgement {
  readonly code: number;
  readonly msg?: string;
}

/** "Received successfully", in the specification's own words. */
export const received: Acknowledgement = { code: 0, msg: 'Received successfully' };

/**
 * The body to answer a push with, as JSON and with HTTP 200: by that the sender knows that it need not send it
 * again. So answer it once what came is safe, and not before; where that failed, answer 5xx.
 * @throws RangeError for a code that JSON cannot hold: without a number the answer is no acknowledgement.
 */
export function acknowledge(
  code = 0,
  msg: string | undefined = code === 0 ? received.msg : undefined,
): Acknowledgement {
  if (!Number.isFinite(code)) throw new RangeError('The code of an acknowledgement is a finite number.');
  return msg === undefined ? { code } : { code, msg };
}

/**
 * Whether an answer acknowledges a push: HTTP 200 with a JSON body whose `code` is a number. "The system
 * only validates that the `code` in your response is a number. It does not validate other content."
 */
export function isAcknowledged(status: number, body: string): boolean {
  if (status !== 200) return false;
  try {
    const answer: unknown = JSON.parse(body);
    return (
      typeof answer === 'object' && answer !== null && typeof (answer as { code?: unknown }).code === 'number'
    );
  } catch {
    return false;
  }
}

/** The sender waits this long for the whole answer. */
export const senderTimeoutMs = 700;

/** "The first retry occurs after 1 minute, the second after 5 minutes, and the third after 10 minutes." Seconds, each after the failure before it. */
export const senderRetrySchedule: readonly number[] = [60, 300, 600];
