import type { MessageType } from '../../src/protocol/message.js';
import { readElement } from '../../src/protocol/push-body.js';
import { toMessage } from '../../src/sort/sort-push.js';
import type { NewMessage } from '../../src/store/journal.js';
import { testStart } from './temporary-store.js';

export type Fields = Readonly<Record<string, unknown>>;

/** A message as the sorter makes it of these fields. */
export function makeMessage(fields: Fields | string, receivedAt = testStart, type?: MessageType): NewMessage {
  const text = typeof fields === 'string' ? fields : JSON.stringify(fields);
  const element = readElement(text, type);
  if (element.kind !== 'message') throw new Error(`${text} is no message: ${element.reason}`);
  return toMessage(element, text, { receivedAt, source: 'default' });
}

const bucket = 'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com';

/** A link that dies at `expiresAt`. `signature` makes it another link of the same recording. */
export function makeLink(path: string, expiresAt: number, signature = 'a', host = bucket): string {
  return `${host}/${path}?Expires=${Math.floor(expiresAt / 1000)}&Signature=${signature}`;
}

/** Fields of a call record; its link dies a week after `testStart`. */
export function recordOf(callId: string, more: Fields = {}): Fields {
  return {
    callId,
    duration: 125,
    startTime: '2025-05-22 12:29:20',
    endTime: '2025-05-22 12:31:31',
    recordFile: makeLink(`${Buffer.from(callId).toString('hex')}.wav`, testStart + 7 * 86_400_000),
    ...more,
  };
}

export function reportOf(callId: string, more: Fields = {}): Fields {
  return { callId, statusCode: '200010', ...more };
}

export function noteOf(callId: string, more: Fields = {}): Fields {
  return { callId, majorIntent: 'A', ...more };
}
