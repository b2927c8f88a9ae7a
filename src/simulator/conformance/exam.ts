import type { Wait } from '../wait.js';
import { describeAnswer, faultOf, remedyFor, type AnswerFault, type ExamAnswer } from './exam-answer.js';
import type { ExamClient, SendOptions } from './exam-client.js';
import type { ExamData, ExamPush } from './exam-push.js';

/**
 * What is asked of a receiver. `must`: the protocol demands it, so pushes are lost where it does not hold. `should`:
 * good to have; the protocol leaves it open, or it matters on some days only.
 */
export interface Rule {
  /** Stable; what a program tells it by. */
  readonly id: string;
  readonly title: string;
  readonly demand: 'must' | 'should';
  /** What the specification says of it, or what is known of its sender. */
  readonly says: string;
  /** What to do where it does not hold. */
  readonly remedy: string;
}

/** What was seen: of a `must` that does not hold a `fail`, of a `should` a `note`. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly demand: 'must' | 'should';
  readonly verdict: 'pass' | 'fail' | 'note' | 'skipped';
  readonly sent: string;
  readonly came: string;
  readonly says: string;
  /** Absent where there is nothing to do. */
  readonly remedy?: string;
}

interface Observation {
  readonly holds: boolean;
  readonly sent: string;
  readonly came: string;
  /** More to the point than the rule's own. */
  readonly remedy?: string | undefined;
}

export function judge(rule: Rule, { holds, sent, came, remedy }: Observation): Finding {
  const { id, title, demand, says } = rule;
  const about = { id, title, demand, sent, came, says };
  if (holds) return { ...about, verdict: 'pass' };
  return { ...about, verdict: demand === 'must' ? 'fail' : 'note', remedy: remedy ?? rule.remedy };
}

/** Of what was not examined, and why. */
export function skip(rule: Rule, why: string): Finding {
  const { id, title, demand, says } = rule;
  return { id, title, demand, verdict: 'skipped', sent: 'nothing', came: why, says };
}

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
