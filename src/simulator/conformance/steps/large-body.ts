import { describeAnswer, faultOf } from '../exam-answer.js';
import { asBadAsThePlainPush, examinePush, send, type Step } from '../exam.js';
import { judge, skip, type Rule } from '../finding.js';

const large: Rule = {
  id: 'ten-megabytes',
  title: 'takes a push of 10 MB',
  demand: 'should',
  says: 'No limit is stated. Real pushes are far smaller; a limit below one means messages that can never be delivered.',
  remedy: 'Raise the limit on body size (of the server, and of the proxy before it).',
};

const alive: Rule = {
  id: 'alive-after-ten-megabytes',
  title: 'takes a plain push right after the large one',
  demand: 'must',
  says: 'Every message has four attempts within 16 minutes: what one large push stops must be back at once.',
  remedy: 'Bound what a single request may cost: refuse what is too large by its length, and go on.',
};

const messages = 10;
const paddingBytes = 1024 * 1024;
/** It may have a long way to go: what is asked is whether it is taken, not how fast the line is. */
const patienceMs = 30_000;

const refuseInWords =
  'Where it must be refused, answer 413 rather than nothing, so that the sender learns why.';

export const largeBody: Step = async function* (exam) {
  const padding = JSON.stringify('x'.repeat(paddingBytes));
  const made = Array.from({ length: messages }, (_, index) =>
    exam.data.message(`large-${index + 1}`, { padding }),
  );
  const push = exam.data.push(
    `[${made.map(({ text }) => text).join(',')}]`,
    made.map(({ callId }) => callId),
  );
  const answer = await send(exam, push, { patienceMs, isFresh: true });
  const fault = faultOf(answer, patienceMs);
  if (fault !== undefined && fault === exam.plainFault) yield skip(large, asBadAsThePlainPush);
  else {
    yield judge(large, {
      holds: fault === undefined,
      sent: `POST, ${messages} messages of 1 MiB each`,
      came: describeAnswer(answer),
      remedy: answer.kind === 'none' ? `${large.remedy} ${refuseInWords}` : undefined,
    });
  }
  yield await examinePush(exam, alive, { sent: 'POST, one message', push: exam.data.plain('after-large') });
};
