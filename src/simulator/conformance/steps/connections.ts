import type { ExamAnswer } from '../exam-answer.js';
import { judgeAnswers, send, type Exam, type Step } from '../exam.js';
import type { Rule } from '../finding.js';

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
