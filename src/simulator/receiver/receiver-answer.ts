import { acknowledge } from '../../protocol/acknowledgement.js';
import { seededRandom } from '../seeded-random.js';
import type { ReceiverOptions } from './receiver-options.js';

/** What a push is answered with, and when. */
export type ReceiverAnswer =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly delayMs: number;
    };

const json = 'application/json; charset=utf-8';

export const goodAnswer = {
  kind: 'answer',
  status: 200,
  contentType: json,
  body: JSON.stringify(acknowledge()),
  delayMs: 0,
} as const satisfies ReceiverAnswer;

/** Answers that receivers really give, and that acknowledge nothing (protocol page, section 5). */
const oddAnswers: Readonly<Record<string, { contentType: string; body: string }>> = {
  'no-code': { contentType: json, body: '{"success":true}' },
  'string-code': { contentType: json, body: '{"code":"0","msg":"Received successfully"}' },
  html: { contentType: 'text/html; charset=utf-8', body: '<!doctype html><title>OK</title><p>OK</p>' },
};

/** The answer to push number `number` in the order of arrival; retries have numbers of their own. */
export function planAnswer(options: ReceiverOptions, number: number): ReceiverAnswer {
  const { misbehaviour, badShare, seed } = options;
  if (seededRandom(seed, 'receiver', number)() >= badShare) return goodAnswer;
  if (misbehaviour.hangs === true) return { kind: 'none' };
  const { status = 200, delayMs = 0, answer } = misbehaviour;
  return { ...goodAnswer, ...bodyOf(status, answer), status, delayMs };
}

function bodyOf(status: number, answer: string | undefined): { contentType: string; body: string } {
  if (answer !== undefined) return oddAnswers[answer] ?? { contentType: json, body: answer };
  if (status === 200) return goodAnswer;
  return { contentType: json, body: JSON.stringify(acknowledge(status, 'As told')) };
}
