import { senderTimeoutMs } from '../../../protocol/acknowledgement.js';
import { describeAnswer, faultOf, remedyFor, type ExamAnswer } from '../exam-answer.js';
import { send, type Step, judgeAnswers, judge, type Rule } from '../exam.js';
import type { SignatureKind } from '../exam-client.js';

const answers: Rule = {
  id: 'answers',
  title: 'answers a push at all',
  demand: 'must',
  says: '"The request body is a JSON array", sent by HTTP POST; after a time-out "the system retries the push".',
  remedy: 'Check that the receiver runs, and the address: scheme, host, port and path.',
};

const status: Rule = {
  id: 'status-200',
  title: 'answers an array of one with status 200',
  demand: 'must',
  says: '"If the HTTP status code is 200, the push is considered successful."',
  remedy:
    'Check the address, and that it takes POST with a JSON array of messages; the answer may say what it misses.',
};

const numericCode: Rule = {
  id: 'numeric-code',
  title: 'the answer has a `code` that is a number',
  demand: 'must',
  says: '"The system only validates that the `code` in your response is a number."',
  remedy: 'Answer with {"code":0,"msg":"Received successfully"}.',
};

const inTime: Rule = {
  id: 'in-time',
  title: `the answer is there within ${senderTimeoutMs} ms`,
  demand: 'must',
  says: `A time-out is a failure; the senders of this family wait ${senderTimeoutMs} ms.`,
  remedy: remedyFor('late') ?? '',
};

const contentType: Rule = {
  id: 'answer-content-type',
  title: 'the answer says that it is JSON',
  demand: 'should',
  says: '"HTTP + JSON". The sender is not known to look at the content type.',
  remedy: 'Answer with "Content-Type: application/json".',
};

const saySomething =
  'Something is there and says nothing. Look at what it waits for before it answers, and that it reads the whole body.';

/** The plainest push there is, looked at from every side: what it gets wrong here it gets wrong everywhere. */
export const firstPush: Step = async function* (exam) {
  const sent = 'POST, a JSON array of one message';
  const answer = await send(exam, exam.data.plain('one'));
  const came = describeAnswer(answer);
  const isSilent = answer.kind === 'none' && answer.reason === 'timeout';
  yield judge(answers, {
    holds: answer.kind === 'answer',
    sent,
    came,
    remedy: isSilent ? saySomething : undefined,
  });
  if (answer.kind === 'none') return;
  exam.plainFault = faultOf(answer);
  const fault = faultOf(answer, Infinity);
  const isStatus = answer.status === 200;
  yield judge(status, {
    holds: isStatus,
    sent,
    came,
    remedy: isStatus ? undefined : remedyFor(fault),
  });
  yield judge(numericCode, { holds: hasNumericCode(answer), sent, came, remedy: codeRemedy(answer) });
  yield judge(inTime, { holds: answer.durationMs <= senderTimeoutMs, sent, came });
  yield judge(contentType, {
    holds: /^application\/([a-z.+-]+\+)?json\b/i.test(answer.contentType),
    sent,
    came: answer.contentType === '' ? 'no content type' : answer.contentType,
  });
};

type Answered = Extract<ExamAnswer, { kind: 'answer' }>;

/** Whatever the status: each mistake gets a line of its own. */
function hasNumericCode(answer: Answered): boolean {
  return faultOf({ ...answer, status: 200 }, Infinity) === undefined;
}

function codeRemedy(answer: Answered): string | undefined {
  return remedyFor(faultOf({ ...answer, status: 200 }, Infinity));
}

const duplicate: Rule = {
  id: 'duplicate-push',
  title: 'takes the same push again',
  demand: 'must',
  says: '"If the status code is not 200 or a timeout occurs, the system retries the push": whose answer was lost comes again, and must be acknowledged then.',
  remedy:
    'Acknowledge what you have already; a unique key that refuses the second is no error of the sender.',
};

/** Byte for byte the same, twice: what every sender does whose first answer got lost. */
export const repetition: Step = async function* (exam) {
  const push = exam.data.plain('duplicate');
  const answers = [await send(exam, push), await send(exam, push)];
  const finding = judgeAnswers(exam, duplicate, answers, { sent: 'POST, the same push twice' });
  yield finding;
  if (finding.verdict === 'pass')
    exam.lookFor.push(`${push.callIds[0] ?? ''}: once, although it was pushed twice.`);
};

const says =
  "Not in the specification: its sender signs nothing. Earshot's pushes carry Standard Webhooks headers (docs/sending.md).";
const remedy =
  'Verify the signature of the raw body before anything else, and answer 401 where it is wrong, missing or old.';

const forgeries: readonly (Rule & { kind: SignatureKind; sent: string })[] = [
  {
    id: 'wrong-signature',
    title: 'refuses a push with a wrong signature',
    demand: 'should',
    says,
    remedy,
    kind: 'wrong',
    sent: 'POST, one message, signed with another secret',
  },
  {
    id: 'no-signature',
    title: 'refuses a push without a signature',
    demand: 'should',
    says,
    remedy,
    kind: 'none',
    sent: 'POST, one message, not signed',
  },
  {
    id: 'old-signature',
    title: 'refuses a push that was signed an hour ago',
    demand: 'should',
    says,
    remedy:
      'Compare webhook-timestamp with the clock: more than five minutes apart, and somebody plays back an old push.',
    kind: 'old',
    sent: 'POST, one message, signed rightly, with a timestamp of an hour ago',
  },
];

/** Only where a secret was given: every other push of the examination is signed with it. */
export const signatures: Step = async function* (exam) {
  if (!exam.isSigned) return;
  for (const { kind, sent, ...rule } of forgeries) {
    const answer = await send(exam, exam.data.plain(rule.id), { signature: kind });
    const holds = answer.kind === 'answer' && answer.status >= 400 && answer.status < 500;
    yield judge(rule, { holds, sent, came: describeAnswer(answer) });
  }
};
