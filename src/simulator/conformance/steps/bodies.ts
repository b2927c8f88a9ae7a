import type { ExamData, ExamPush } from '../exam-push.js';
import { examinePush, type Step, asBadAsThePlainPush, send, type Rule, judge, skip } from '../exam.js';
import { describeAnswer, faultOf } from '../exam-answer.js';

interface BodyRule extends Rule {
  readonly sent: string;
  readonly make: (data: ExamData) => ExamPush;
  /** What to look for in the receiver, where the answer does not tell. */
  readonly lookFor?: (data: ExamData) => string;
}

const arrays: readonly BodyRule[] = [
  {
    id: 'array-of-50',
    title: 'takes an array of 50',
    demand: 'must',
    says: '"Batch HTTP push notifications": "the request body is a JSON array", of no stated length.',
    remedy: 'Take arrays of any length; check limits on body size and on the number of elements.',
    sent: 'POST, 50 messages',
    make: (data) => data.plain('fifty', 50),
    lookFor: (data) => `${data.prefix}fifty-1 to -50: all fifty, not only the first.`,
  },
  {
    id: 'array-of-500',
    title: 'takes an array of 500',
    demand: 'must',
    says: '"The request body is a JSON array", of no stated length; peers of this sender put 50 to 500 into one push.',
    remedy:
      'Take arrays of any length within 700 ms: write them in one transaction, or keep the body and work afterwards.',
    sent: 'POST, 500 messages',
    make: (data) => data.plain('five-hundred', 500),
    lookFor: (data) => `${data.prefix}five-hundred-1 to -500: all of them.`,
  },
  {
    id: 'empty-array',
    title: 'takes an empty array',
    demand: 'should',
    says: '"The request body is a JSON array": an empty one is one, though no sender is known to push it.',
    remedy: 'Acknowledge it: nothing is in it that could go wrong.',
    sent: 'POST, []',
    make: (data) => data.push('[]', []),
  },
  {
    id: 'bare-object',
    title: 'takes a bare object in place of an array',
    demand: 'should',
    says: "The specification says array; the vendor's page in Chinese shows a bare object as its sample.",
    remedy: 'Read a bare object as an array of one.',
    sent: 'POST, one message without the array around it',
    make: (data) => {
      const { callId, text } = data.message('bare');
      return data.push(text, [callId]);
    },
  },
];

/** Digits that no double holds. */
const bigNumber = '12345678901234567890';

const contents: readonly BodyRule[] = [
  {
    id: 'no-out-id',
    title: 'takes a message without `outId`',
    demand: 'must',
    says: '"If you pass an outId in your request, this field returns that same ID": else there is none.',
    remedy: 'Let every field but `callId` be absent.',
    sent: 'POST, a message without outId',
    make: (data) => pushOf(data, data.message('no-out-id', { outId: undefined })),
  },
  {
    id: 'unknown-fields',
    title: 'takes fields that it does not know',
    demand: 'must',
    says: 'The vendor adds fields to these messages without notice: a receiver that refuses them loses every message from that day on.',
    remedy: 'Ignore, or better keep, fields that you do not know; switch strict schemas off.',
    sent: 'POST, a message with three more fields, one of them nested',
    make: (data) =>
      pushOf(
        data,
        data.message('unknown-fields', {
          newField: '"new"',
          newFlag: 'null',
          newNested: '{"a":[1,{"b":true}]}',
        }),
      ),
  },
  {
    id: 'chinese-text',
    title: 'takes Chinese text and emoji in UTF-8',
    demand: 'must',
    says: '"Encoding: UTF-8".',
    remedy: "Read the body as UTF-8, whatever the platform's own encoding is; store it as four-byte UTF-8.",
    sent: 'POST, a message with outId "通话录音 😀"',
    make: (data) => pushOf(data, data.message('chinese', { outId: '"通话录音 😀"' })),
    lookFor: (data) => `${data.prefix}chinese: its outId is 通话录音 😀, character for character.`,
  },
  {
    id: 'byte-order-mark',
    title: 'takes a byte order mark before the array',
    demand: 'should',
    says: '"Encoding: UTF-8", which may begin with one; no sender is known to write it.',
    remedy: 'Pass over the bytes EF BB BF at the start of a body.',
    sent: 'POST, EF BB BF and one message',
    make: (data) => {
      const { callId, text } = data.message('byte-order-mark');
      return data.push(`\uFEFF[${text}]`, [callId]);
    },
  },
  {
    id: 'big-numbers',
    title: 'takes ids that come as large numbers',
    demand: 'should',
    says: 'Ids are Strings in the specification; siblings have sent numbers, of more digits than a double holds.',
    remedy: 'Take an id that is a number, and keep its digits (BigInt, BigDecimal, or the text itself).',
    sent: `POST, a message with taskId ${bigNumber}, as a number`,
    make: (data) => pushOf(data, data.message('big-numbers', { taskId: bigNumber })),
    lookFor: (data) => `${data.prefix}big-numbers: its taskId is ${bigNumber}, and not …7000 or …8000.`,
  },
  {
    id: 'bad-item',
    title: 'one bad item does not cost its neighbours',
    demand: 'must',
    says: 'What is not answered 200 comes three times more and then never again: with the bad item, its good neighbours are lost.',
    remedy:
      'Take each element by itself: keep the good ones, put the bad ones aside, and answer 200. Only what could not be stored is a 5xx.',
    sent: 'POST, a message, null, an object without callId, a message',
    make: (data) => {
      const [first, last] = [data.message('neighbour-1'), data.message('neighbour-2')];
      return data.push(`[${first.text},null,{"duration":1},${last.text}]`, [first.callId, last.callId]);
    },
    lookFor: (data) =>
      `${data.prefix}neighbour-1 and ${data.prefix}neighbour-2: both, though two items between them are no messages.`,
  },
];

const contentTypes: readonly BodyRule[] = [
  typed('application/json', 'must', 'content-type-json'),
  typed('application/json; charset=utf-8', 'must', 'content-type-charset'),
  typed(undefined, 'should', 'content-type-none'),
  typed('text/plain;charset=UTF-8', 'should', 'content-type-text'),
  typed('application/x-www-form-urlencoded', 'should', 'content-type-form'),
];

function typed(contentType: string | undefined, demand: 'must' | 'should', id: string): BodyRule {
  return {
    id,
    title:
      contentType === undefined ? 'takes a push without content type' : `takes content type ${contentType}`,
    demand,
    says: '"HTTP + JSON", "UTF-8"; which content type the sender gives is not stated.',
    remedy: 'Read every body as JSON in UTF-8, whatever its content type says.',
    sent: `POST, one message, ${contentType === undefined ? 'no content type' : `content type ${contentType}`}`,
    make: (data) => {
      const { callId, text } = data.message(id);
      return data.push(
        `[${text}]`,
        [callId],
        contentType === undefined ? {} : { 'content-type': contentType },
      );
    },
  };
}

function pushOf(data: ExamData, { callId, text }: { callId: string; text: string }): ExamPush {
  return data.push(`[${text}]`, [callId]);
}

/** Every kind of body that a sender writes, or might. */
export const bodies: Step = async function* (exam) {
  for (const rule of [...arrays, ...contents, ...contentTypes]) {
    const finding = await examinePush(exam, rule, { sent: rule.sent, push: rule.make(exam.data) });
    if (finding.verdict === 'pass' && rule.lookFor) exam.lookFor.push(rule.lookFor(exam.data));
    yield finding;
  }
};

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
