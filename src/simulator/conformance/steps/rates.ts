import { senderTimeoutMs } from '../../../protocol/acknowledgement.js';
import { faultOf, describeAnswer, type ExamAnswer } from '../exam-answer.js';
import { judgeAnswers, send, type Exam, type RateFigure, type Step } from '../exam.js';
import { skip, type Finding, type Rule } from '../finding.js';

/** Pushes a second. The first two are an ordinary day's; the others say how much room there is above it. */
const rates = [1, 10, 50, 100, 200, 400, 800];
const ordinaryRate = 10;

const secondsEach = 2.5;
const mostPushesEach = 500;
const fewestPushesEach = 3;
/** Beyond the sender's own, so that the figures tell how late the late ones are. */
const patienceMs = 2_000;

function ruleFor(rate: number): Rule {
  return {
    id: `rate-${rate}`,
    title: `answers ${rate} push${rate === 1 ? '' : 'es'} a second within ${senderTimeoutMs} ms`,
    demand: rate <= ordinaryRate ? 'must' : 'should',
    says: `No rate is stated; every push has ${senderTimeoutMs} ms, whatever else goes on. When a large task ends, its calls end together.`,
    remedy:
      'Do less before the acknowledgement: one durable write, many pushes to a commit; everything else afterwards.',
  };
}

/** Rising rates, in an open loop (a slow receiver is not spared), until one is too much. */
export const risingRates: Step = async function* (exam) {
  const examined = rates.filter((rate) => rate <= exam.rateLimit);
  let failedAt: number | undefined;
  for (const rate of examined) {
    if (failedAt !== undefined) {
      yield skip(ruleFor(rate), `not examined: ${failedAt} a second was too much already`);
      continue;
    }
    const finding = await examineRate(exam, rate);
    yield finding;
    // Of a receiver that acknowledges nothing, no rate can be told.
    if (finding.verdict === 'skipped') return;
    if (finding.verdict !== 'pass') failedAt = rate;
  }
};

async function examineRate(exam: Exam, rate: number): Promise<Finding> {
  const count = Math.min(Math.max(Math.ceil(rate * secondsEach), fewestPushesEach), mostPushesEach);
  const answers = await pushAt(exam, rate, count);
  const figure = toFigure(rate, answers);
  exam.figures.push(figure);
  const { acknowledged, p50Ms, p99Ms, maxMs } = figure;
  const bad = answers.find((answer) => faultOf(answer) !== undefined);
  const times = `p50 ${p50Ms} ms, p99 ${p99Ms} ms, max ${maxMs} ms`;
  return judgeAnswers(exam, ruleFor(rate), answers, {
    sent: `POST, ${count} times, ${rate} a second`,
    came: bad
      ? `${acknowledged} of ${answers.length} acknowledged in time: ${times}; the first that was not: ${describeAnswer(bad)}`
      : `all acknowledged: ${times}`,
  });
}

async function pushAt(exam: Exam, rate: number, count: number): Promise<ExamAnswer[]> {
  const startedAt = exam.stopwatch();
  const answers: Promise<ExamAnswer>[] = [];
  for (let index = 0; index < count && !exam.signal.aborted; index++) {
    const earlyMs = startedAt + (index / rate) * 1000 - exam.stopwatch();
    if (earlyMs > 0) await exam.wait(earlyMs, exam.signal);
    answers.push(send(exam, exam.data.plain(`rate-${rate}-${index + 1}`), { patienceMs }));
  }
  return Promise.all(answers);
}

function toFigure(rate: number, answers: readonly ExamAnswer[]): RateFigure {
  const times = answers.map(({ durationMs }) => Math.round(durationMs)).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.max(Math.ceil(times.length * share) - 1, 0)] ?? 0;
  return {
    pushesPerSecond: rate,
    pushes: answers.length,
    acknowledged: answers.filter((answer) => faultOf(answer) === undefined).length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}
