import { isAcknowledged, senderTimeoutMs } from '../../protocol/acknowledgement.js';

/** What came back. `reason`: `timeout`, or why there is no connection. */
export type ExamAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      /** Its first 64 KiB. */
      readonly body: string;
      /** Longer than any sender reads. */
      readonly isTooLong: boolean;
      readonly durationMs: number;
    }
  | { readonly kind: 'none'; readonly reason: string; readonly durationMs: number };

/** Why an answer acknowledges nothing; undefined where it does, in time. */
export type AnswerFault =
  'no-answer' | 'late' | 'redirect' | 'status' | 'refused' | 'too-long' | 'not-json' | 'code';

export function faultOf(answer: ExamAnswer, withinMs = senderTimeoutMs): AnswerFault | undefined {
  if (answer.kind === 'none') return 'no-answer';
  const { status, body, isTooLong, durationMs } = answer;
  if (status >= 400) return 'refused';
  if (status >= 300) return 'redirect';
  if (status !== 200) return 'status';
  if (isTooLong) return 'too-long';
  if (!isAcknowledged(status, body)) return isJson(body) ? 'code' : 'not-json';
  return durationMs > withinMs ? 'late' : undefined;
}

/** What to do about a fault that has nothing to do with what was sent; undefined where it may have. */
export function remedyFor(fault: AnswerFault | undefined): string | undefined {
  switch (fault) {
    case undefined:
    case 'refused':
    case 'no-answer':
      return undefined;
    case 'late':
      return `Answer first and work afterwards: put what came where it is safe, acknowledge, then process it. The sender waits ${senderTimeoutMs} ms.`;
    case 'redirect':
      return 'Give the sender the address that answers itself: redirects are not followed.';
    case 'status':
      return 'Answer with status 200: every other status, 201 and 204 too, is a failure and comes again.';
    case 'too-long':
      return 'Answer with a short JSON body such as {"code":0}.';
    case 'not-json':
      return 'Answer with a JSON body such as {"code":0,"msg":"Received successfully"}.';
    case 'code':
      return 'Give the answer a `code` that is a JSON number, without quotes: {"code":0}.';
  }
}

export function describeAnswer(answer: ExamAnswer): string {
  const ms = `${Math.round(answer.durationMs)} ms`;
  if (answer.kind === 'none') {
    return answer.reason === 'timeout' ? `nothing within ${ms}` : `no answer (${answer.reason}) after ${ms}`;
  }
  return `HTTP ${answer.status} in ${ms}: ${excerpt(answer.body)}`;
}

const shownCharacters = 120;

function excerpt(body: string): string {
  if (body === '') return 'no body';
  return body.length > shownCharacters ? `${body.slice(0, shownCharacters)}…` : body;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
