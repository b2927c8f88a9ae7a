import { senderTimeoutMs } from '../../../protocol/acknowledgement.js';
import { describeAnswer, faultOf, remedyFor, type ExamAnswer } from '../exam-answer.js';
import { send, type Step } from '../exam.js';
import { judge, type Rule } from '../finding.js';

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
