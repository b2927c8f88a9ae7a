import { describe, expect, it } from 'vitest';
import { readCallMessage } from './call-message.js';
import type { MessageType } from './message.js';
import { samplePush } from './sample.js';
import { createVendorTime } from './vendor-time.js';

const toInstant = createVendorTime('Asia/Shanghai');

function read(fields: object | string, type: MessageType = 'AlicomAgentCallRecord') {
  const text = typeof fields === 'string' ? fields : JSON.stringify(fields);
  return readCallMessage(type, text, JSON.parse(text) as Record<string, unknown>, toInstant);
}

const recordFile = 'http://host.example/a.wav?Expires=1562740186';

describe('readCallMessage', () => {
  it("reads every field of the specification's sample", () => {
    expect(read(samplePush.slice(1, -1))).toEqual({
      taskId: '1181**************',
      detailId: '9662*************',
      batchId: 'B202******',
      outId: '123456',
      startTime: '2025-05-22 12:29:20',
      endTime: '2025-05-22 12:31:31',
      startAt: Date.UTC(2025, 4, 22, 4, 29, 20),
      endAt: Date.UTC(2025, 4, 22, 4, 31, 31),
      durationSeconds: 125,
      recording: {
        link: 'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/**********',
        host: 'alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com',
        path: '/**********',
      },
      unreadable: [],
    });
  });

  it('keeps every digit of ids that came as numbers', () => {
    const text =
      '{"taskId":11810000000000000001,"detailId":1.10,"batchId":-0,"outId":1E400,"recordFile":"http://h/x"}';
    expect(read(text)).toMatchObject({
      taskId: '11810000000000000001',
      detailId: '1.10',
      batchId: '-0',
      outId: '1E400',
    });
  });

  it('leaves out ids that are not there, null, empty or no id', () => {
    const told = read({ recordFile, taskId: '', detailId: null, batchId: { a: 1 } });
    for (const name of ['taskId', 'detailId', 'batchId', 'outId']) expect(told).not.toHaveProperty(name);
  });

  it('takes null and "" for a call that was not connected, not for an unreadable time', () => {
    for (const nothing of [null, '', undefined]) {
      const told = read({ startTime: nothing, endTime: nothing, duration: nothing }, 'AlicomAgentCallReport');
      expect(told).toEqual({ unreadable: [] });
    }
  });

  it('keeps a time in a wrong form as it came and says that it is unreadable', () => {
    expect(
      read({ recordFile, startTime: '2025-02-30 12:00:00', endTime: '2025-05-22 12:31:31' }),
    ).toMatchObject({
      startTime: '2025-02-30 12:00:00',
      endAt: Date.UTC(2025, 4, 22, 4, 31, 31),
      unreadable: ['time'],
    });
    expect(read({ recordFile, startTime: 1747888160 })).toMatchObject({
      startTime: '1747888160',
      unreadable: ['time'],
    });
    expect(read({ recordFile, startTime: [], endTime: {} })).not.toHaveProperty('startTime');
  });

  it.each([
    [125, 125],
    ['10', 10],
    [' 10 ', 10],
    ['1.5', 1.5],
    [0, 0],
    [2.25, 2.25],
  ])('reads a duration of %j', (duration, seconds) => {
    expect(read({ recordFile, duration })).toMatchObject({ durationSeconds: seconds, unreadable: [] });
  });

  it.each(['-1', '"abc"', '1e999', '"-5"', '"1e3"', '"10s"', 'true', '[10]', '{}', '" "'])(
    'keeps a message whose duration is %s, and says that it is unreadable',
    (duration) => {
      const told = read(`{"recordFile":"${recordFile}","duration":${duration}}`);
      expect(told.unreadable).toEqual(['duration']);
      expect(told).not.toHaveProperty('durationSeconds');
    },
  );

  it('never holds the duration against start and end', () => {
    const times = { startTime: '2025-05-22 12:29:20', endTime: '2025-05-22 12:29:10' };
    expect(read({ recordFile, duration: 5000, ...times })).toMatchObject({
      durationSeconds: 5000,
      unreadable: [],
    });
  });

  it('makes no recording of an unusable link, and says so', () => {
    for (const unusable of [null, '', 'ftp://h/x', 5, 'http://user:pw@h/x']) {
      const told = read({ recordFile: unusable });
      expect(told.unreadable).toEqual(['link']);
      expect(told).not.toHaveProperty('recording');
    }
  });

  it('names everything that is unreadable at once', () => {
    const odd = { startTime: 'x', endTime: 'y', duration: 'z', recordFile: 'ftp://h/1.wav' };
    expect(read(odd).unreadable).toEqual(['time', 'duration', 'link']);
  });

  it('finds nothing odd about a record that came without a link', () => {
    expect(read({ duration: 5 }).unreadable).toEqual([]);
    expect(read({ duration: 5, recordFile: '' }).unreadable).toEqual(['link']);
  });

  it('looks for no recording in a report, and for no times in a note', () => {
    const fields = { recordFile, startTime: 'x', duration: -1, outId: 'o' };
    expect(read({ ...fields, duration: 3, startTime: '' }, 'AlicomAgentCallReport')).toEqual({
      outId: 'o',
      durationSeconds: 3,
      unreadable: [],
    });
    expect(read(fields, 'AlicomAgentCallNote')).toEqual({ outId: 'o', unreadable: [] });
  });
});
