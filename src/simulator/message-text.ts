import { toBeijingTime, type SimulatedCall } from './call.js';
import { drawDigits, drawOne, drawWhole, seededRandom } from './seeded-random.js';

/** The JSON of an AlicomAgentCallRecord, fields in the order of the specification's sample. */
export function callRecordText(call: SimulatedCall, recordFile: string): string {
  return JSON.stringify({
    callId: call.callId,
    duration: call.durationSeconds,
    endTime: toBeijingTime(call.endAt),
    recordFile,
    startTime: toBeijingTime(call.startAt),
    taskId: call.taskId,
    detailId: call.detailId,
    batchId: call.batchId,
    outId: call.outId,
  });
}

/** The JSON of the call's AlicomAgentCallReport (specification page, section 2). Numbers are from no real range. */
export function callReportText(call: SimulatedCall, seed: number): string {
  const random = seededRandom(seed, 'report', call.index);
  const ringSeconds = drawWhole(random, 2, 25);
  const originateAt = call.startAt - (ringSeconds + 2) * 1000;
  const caller = `0571000${drawDigits(random, 5)}`;
  return JSON.stringify({
    taskId: call.taskId,
    detailId: call.detailId,
    batchId: call.batchId,
    callId: call.callId,
    outId: call.outId,
    startTime: toBeijingTime(call.startAt),
    endTime: toBeijingTime(call.endAt),
    duration: call.durationSeconds,
    statusCode: '200010',
    smartStatusCode: 'ANSWERED',
    statusMsg: '用户接听',
    caller,
    realCaller: caller,
    callee: `1000000${drawDigits(random, 4)}`,
    hangupDirection: drawOne(random, ['用户', '机器']),
    originateTime: toBeijingTime(originateAt),
    ringTime: toBeijingTime(originateAt + 2000),
  });
}

/** The JSON of the call's AlicomAgentCallNote (specification page, section 2). */
export function callNoteText(call: SimulatedCall, seed: number): string {
  const random = seededRandom(seed, 'note', call.index);
  const conversation = [
    { role: 'robot', content: '您好，请问现在方便接听吗？' },
    { role: 'user', content: drawOne(random, ['方便，您说。', '我在开会。', '你是哪位？']) },
  ];
  return JSON.stringify({
    callId: call.callId,
    taskId: call.taskId,
    detailId: call.detailId,
    batchId: call.batchId,
    outId: call.outId,
    majorIntent: drawOne(random, ['A', 'B', 'C', 'D']),
    outputTags: { 意向: drawOne(random, ['高', '中', '低']), 关注点: ['价格', '时间'] },
    conversationRecord: JSON.stringify(conversation),
    call_times: drawWhole(random, 1, 3),
  });
}
