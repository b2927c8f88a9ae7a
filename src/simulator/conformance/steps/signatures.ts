import { describeAnswer } from '../exam-answer.js';
import type { SignatureKind } from '../exam-signer.js';
import { send, type Step } from '../exam.js';
import { judge, type Rule } from '../finding.js';

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
