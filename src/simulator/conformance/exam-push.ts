import type { Clock } from '../../domain/clock.js';
import { toBeijingTime } from '../call.js';
import { jsonHeaders } from '../push/push-body.js';

/** One push of the examination. */
export interface ExamPush {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the messages that a receiver should have afterwards. */
  readonly callIds: readonly string[];
  /** What is sent as `webhook-id` where pushes are signed: the same for a repetition. */
  readonly webhookId: string;
}

/**
 * Makes messages that nobody takes for real ones and that do no harm: the callId says where it comes from, and the
 * recording is on a host of a domain that never resolves (RFC 2606).
 */
export interface ExamData {
  readonly prefix: string;
  /** A message's text; `extra` members are added as JSON text, and take the place of those they name. */
  message(
    label: string,
    extra?: Readonly<Record<string, string | undefined>>,
  ): { callId: string; text: string };
  /** One push with so many plain messages. */
  plain(label: string, count?: number): ExamPush;
  /** A push of these messages' texts, and whatever else. */
  push(
    body: string | Buffer,
    callIds: readonly string[],
    headers?: Readonly<Record<string, string>>,
  ): ExamPush;
}

const callSeconds = 131;

export function createExamData(runId: string, clock: Clock): ExamData {
  const prefix = `earshot-conformance-${runId}^`;
  let pushes = 0;
  const data: ExamData = {
    prefix,
    message: (label, extra = {}) => {
      const callId = prefix + label;
      const endAt = clock();
      const members: Record<string, string | undefined> = {
        callId: JSON.stringify(callId),
        duration: String(callSeconds),
        endTime: JSON.stringify(toBeijingTime(endAt)),
        recordFile: JSON.stringify(recordFile(label, runId, endAt)),
        startTime: JSON.stringify(toBeijingTime(endAt - callSeconds * 1000)),
        taskId: '"earshot-conformance"',
        detailId: JSON.stringify(`${runId}-${label}`),
        batchId: JSON.stringify(runId),
        outId: '"earshot-conformance"',
        ...extra,
      };
      const texts = Object.entries(members).flatMap(([name, text]) =>
        text === undefined ? [] : [`${JSON.stringify(name)}:${text}`],
      );
      return { callId, text: `{${texts.join(',')}}` };
    },
    plain: (label, count = 1) => {
      const messages = Array.from({ length: count }, (_, index) =>
        data.message(count === 1 ? label : `${label}-${index + 1}`),
      );
      return data.push(
        `[${messages.map(({ text }) => text).join(',')}]`,
        messages.map(({ callId }) => callId),
      );
    },
    push: (body, callIds, headers = jsonHeaders) => {
      pushes += 1;
      return { body: Buffer.from(body), callIds, headers, webhookId: `msg_conformance_${runId}_${pushes}` };
    },
  };
  return data;
}

function recordFile(label: string, runId: string, endAt: number): string {
  const expires = Math.floor(endAt / 1000) + 7 * 24 * 60 * 60;
  return `http://earshot-conformance.invalid/${runId}/${label}_record.wav?Expires=${expires}&OSSAccessKeyId=none&Signature=bm9uZQ%3D%3D`;
}
