import type { Wait } from '../wait.js';
import { describeAnswer, faultOf, remedyFor, type AnswerFault, type ExamAnswer } from './exam-answer.js';
import type { ExamClient, SendOptions } from './exam-client.js';
import type { ExamData, ExamPush } from './exam-push.js';
import { judge, skip, type Finding, type Rule } from './finding.js';

/** One examination of one receiver. */
export interface Exam {
  readonly client: ExamClient;
  readonly data: ExamData;
  readonly wait: Wait;
  readonly stopwatch: () => number;
  readonly signal: AbortSignal;
  /** Pushes a second at most. */
  readonly rateLimit: number;
  /** Whether pushes are signed. */
  readonly isSigned: boolean;
  /** What went wrong with the plainest push there is. */
  plainFault?: AnswerFault | undefined;
  /** What a person should look for in the receiver afterwards. */
  readonly lookFor: string[];
  readonly figures: RateFigure[];
  /** callIds of everything that was acknowledged. */
  readonly acknowledged: Set<string>;
}

/** How a receiver answered at one rate. */
export interface RateFigure {
  readonly pushesPerSecond: number;
  readonly pushes: number;
  /** In time. */
  readonly acknowledged: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export type Step = (exam: Exam) => AsyncGenerator<Finding>;

export const asBadAsThePlainPush = 'not to be told: answered as badly as the plain push above';

/** Sends a push and remembers what was acknowledged. */
export async function send(exam: Exam, push: ExamPush, options?: SendOptions): Promise<ExamAnswer> {
  const answer = await exam.client.send('POST', push, options);
  if (faultOf(answer, Infinity) === undefined)
    for (const callId of push.callIds) exam.acknowledged.add(callId);
  return answer;
}

/** Sends a push and judges by whether it was acknowledged in time. */
export async function examinePush(
  exam: Exam,
  rule: Rule,
  { sent, push }: { sent: string; push: ExamPush },
): Promise<Finding> {
  const answer = await send(exam, push);
  return judgeAnswers(exam, rule, [answer], { sent, came: describeAnswer(answer) });
}

/**
 * Judges by whether all of the answers are acknowledgements in time. What goes wrong in the way of the plainest push
 * went wrong before this rule came into it: said once, above.
 */
export function judgeAnswers(
  exam: Pick<Exam, 'plainFault'>,
  rule: Rule,
  answers: readonly ExamAnswer[],
  { sent, came }: { sent: string; came?: string },
): Finding {
  const bad = answers.filter((answer) => faultOf(answer) !== undefined);
  const [first] = bad;
  if (first === undefined) return judge(rule, { holds: true, sent, came: came ?? describeGood(answers) });
  if (exam.plainFault !== undefined && bad.every((answer) => faultOf(answer) === exam.plainFault)) {
    return skip(rule, asBadAsThePlainPush);
  }
  const described = `${bad.length} of ${answers.length} not acknowledged in time; the first: ${describeAnswer(first)}`;
  return judge(rule, { holds: false, sent, came: came ?? described, remedy: remedyFor(faultOf(first)) });
}

function describeGood(answers: readonly ExamAnswer[]): string {
  const slowestMs = Math.max(...answers.map(({ durationMs }) => durationMs));
  return `all acknowledged, the slowest in ${Math.round(slowestMs)} ms`;
}
