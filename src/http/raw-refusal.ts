import { STATUS_CODES } from 'node:http';
import { problemMediaType } from '../contract/problem.js';
import type { ErrorCode } from '../domain/errors.js';
import { partsOfPushPath } from '../domain/push-path.js';
import { maxHeadBytes } from './request-head.js';
import { toProblem } from './problem.js';

const details = {
  'bad-request': 'This is no well-formed HTTP request.',
  'headers-too-large': `They exceed ${maxHeadBytes} bytes, or 1,000 headers.`,
  'request-late': 'It stopped on its way, or came too slowly.',
  'expectation-unknown': 'The only expectation that can be met is 100-continue.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** Why a request is refused that no route has seen. */
export type RawRefusal = keyof typeof details;

/** What every answer on a push path is, whoever gives it: JSON with a numeric `code` (protocol page, section 1). */
interface RawAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

/** In the form of the place that was asked: a number on a push path, a word elsewhere. */
export function rawAnswerTo(refusal: RawRefusal, target: string): RawAnswer {
  const problem = toProblem(refusal, details[refusal]);
  const { status, title } = problem;
  return partsOfPushPath(target)
    ? { status, mediaType: 'application/json', body: JSON.stringify({ code: status, msg: title }) }
    : { status, mediaType: problemMediaType, body: JSON.stringify(problem) };
}

/** The same as bytes, the last of their connection. */
export function rawBytesOf({ status, mediaType, body }: RawAnswer): string {
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${mediaType}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  );
}
