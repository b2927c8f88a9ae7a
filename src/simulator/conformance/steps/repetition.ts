import { judgeAnswers, send, type Step } from '../exam.js';
import type { Rule } from '../finding.js';

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
