import { describeAnswer } from '../exam-answer.js';
import { judgeAnswers, type Step } from '../exam.js';
import { judge, type Rule } from '../finding.js';

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
