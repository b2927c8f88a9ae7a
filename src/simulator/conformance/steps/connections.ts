import { type ExamAnswer, describeAnswer, faultOf } from '../exam-answer.js';
import {
  judgeAnswers,
  send,
  type Exam,
  type Step,
  type RateFigure,
  type Rule,
  judge,
  skip,
  type Finding,
} from '../exam.js';
import { senderTimeoutMs } from '../../../protocol/acknowledgement.js';

const says =
  'Not in the specification. The console of a sibling product sends a GET before it saves an address, and wants {"code":0} within 700 ms.';

const byGet: Rule = {
  id: 'connectivity-get',
  title: 'answers the connectivity check (GET)',
  demand: 'should',
  says,
  remedy: 'Answer GET on the push address like a push: 200 and {"code":0,"msg":"Received successfully"}.',
};

const byHead: Rule = {
  id: 'connectivity-head',
  title: 'answers the connectivity check (HEAD)',
  demand: 'should',
  says: 'Not in the specification. Load balancers and monitors ask this way.',
  remedy: 'Answer HEAD on the push address with 200 and no body.',
};

export const connectivity: Step = async function* (exam) {
  const answer = await exam.client.send('GET');
  yield judgeAnswers(exam, byGet, [answer], { sent: 'GET', came: describeAnswer(answer) });
  const head = await exam.client.send('HEAD');
  yield judge(byHead, {
    holds: head.kind === 'answer' && head.status === 200,
    sent: 'HEAD',
    came: describeAnswer(head),
  });
};

const kept: Rule = {
  id: 'kept-connection',
  title: 'takes pushes one after another over a kept connection',
  demand: 'must',
  says: '"HTTP": connections are kept unless one side says otherwise.',
  remedy:
    'Read every body to its end and give answers their Content-Length; or close the connection, and say so.',
};

const fresh: Rule = {
  id: 'fresh-connections',
  title: 'takes pushes each over a connection of its own',
  demand: 'must',
  says: '"HTTP": nothing says that a sender keeps its connections.',
  remedy: 'Look at the time that it takes to connect: name look-ups, TLS, a proxy in between.',
};

const together: Rule = {
  id: 'concurrent-pushes',
  title: 'takes 20 pushes at the same time',
  demand: 'should',
  says: 'Not stated. Record, report and note of a call are subscriptions of their own, and all calls of a task may end together.',
  remedy:
    'Take pushes side by side; what they wait for one after another (a lock, one database connection) must take a few ms each.',
};

const repetitions = 3;
const atOnce = 20;

export const connections: Step = async function* (exam) {
  const before = exam.client.connections();
  const inTurn = await oneByOne(exam, 'kept', false);
  const opened = exam.client.connections() - before;
  const reuse =
    opened === 0
      ? 'over the connection there was'
      : `over ${opened} new connection${opened === 1 ? '' : 's'}`;
  yield judgeAnswers(exam, kept, inTurn, { sent: `POST, ${repetitions} times in turn, ${reuse}` });
  const apart = await oneByOne(exam, 'fresh', true);
  yield judgeAnswers(exam, fresh, apart, { sent: `POST, ${repetitions} times, a new connection each` });
  const answers = await Promise.all(
    Array.from({ length: atOnce }, (_, index) => send(exam, exam.data.plain(`together-${index + 1}`))),
  );
  yield judgeAnswers(exam, together, answers, { sent: `POST, ${atOnce} times at once` });
};

async function oneByOne(exam: Exam, label: string, isFresh: boolean): Promise<ExamAnswer[]> {
  const answers: ExamAnswer[] = [];
  for (let count = 1; count <= repetitions; count++) {
    answers.push(await send(exam, exam.data.plain(`${label}-${count}`), { isFresh }));
  }
  return answers;
}

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
