import { describe, expect, it } from 'vitest';
import { samplePush } from '../protocol/sample.js';
import { createVendorTime } from '../protocol/vendor-time.js';
import type { Entry } from '../store/journal.js';
import { toChange } from './to-change.js';

const week = 7 * 86_400_000;
const receivedAt = Date.UTC(2025, 4, 22, 5);

function change(type: Entry['type'], text: string | object, more: Partial<Entry> = {}) {
  const entry: Entry = {
    seq: 7,
    type,
    callId: '1^1',
    receivedAt,
    source: 'default',
    text: typeof text === 'string' ? text : JSON.stringify(text),
    ...more,
  };
  return toChange(entry, createVendorTime('Asia/Shanghai'));
}

describe('toChange', () => {
  it("takes from the specification's sample all that it tells", () => {
    const callId = '10000161****^1000018****';
    expect(change('AlicomAgentCallRecord', samplePush.slice(1, -1), { callId })).toEqual({
      kind: 'message',
      seq: 7,
      callId,
      rank: 3,
      receivedAt,
      taskId: '1181**************',
      detailId: '9662*************',
      batchId: 'B202******',
      outId: '123456',
      startTime: '2025-05-22 12:29:20',
      endTime: '2025-05-22 12:31:31',
      startAt: Date.UTC(2025, 4, 22, 4, 29, 20),
      endAt: Date.UTC(2025, 4, 22, 4, 31, 31),
      durationSeconds: 125,
      flags: [],
      recording: {
        link: 'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/**********',
        host: 'alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com',
        path: '/**********',
        deadlineAt: Date.UTC(2025, 4, 22, 4, 31, 31) + week,
      },
    });
  });

  it('reads the reference of a published recording as a link that nobody downloads from', () => {
    const record = { callId: '1^1', recordFile: 'earshot:r7' };
    const recording = { link: 'earshot:r7', host: 'earshot', path: 'r7', deadlineAt: receivedAt + week };
    expect(change('AlicomAgentCallRecord', record)).toMatchObject({ flags: [], recording });
    const another = change('AlicomAgentCallRecord', record, { seq: 8 });
    expect(another).toMatchObject({ flags: ['link-unusable'] });
    expect(another).not.toHaveProperty('recording');
  });

  it('lets a record know more of the times than a report, and a note nothing', () => {
    const fields = { startTime: '2025-05-22 12:29:20', recordFile: 'http://h/x' };
    expect(change('AlicomAgentCallRecord', fields)).toMatchObject({ rank: 3 });
    expect(change('AlicomAgentCallReport', fields)).toMatchObject({ rank: 2, startTime: fields.startTime });
    expect(change('AlicomAgentCallReport', fields)).not.toHaveProperty('recording');
    expect(change('AlicomAgentCallNote', fields)).toMatchObject({ rank: 1, flags: [] });
    expect(change('AlicomAgentCallNote', fields)).not.toHaveProperty('startTime');
  });

  it('names what was unreadable by its flags', () => {
    expect(change('AlicomAgentCallRecord', { startTime: 'x', duration: 'y', recordFile: 'z' })).toMatchObject(
      {
        flags: ['time-unreadable', 'duration-unreadable', 'link-unusable'],
      },
    );
  });

  it("takes the link's own deadline, or seven days after the call or its receipt, whichever is earlier", () => {
    const deadline = (fields: object) => {
      const changed = change('AlicomAgentCallRecord', fields);
      return changed.kind === 'message' ? changed.recording?.deadlineAt : undefined;
    };
    expect(deadline({ recordFile: 'http://h/x?Expires=1750000000' })).toBe(1_750_000_000_000);
    expect(deadline({ recordFile: 'http://h/x' })).toBe(receivedAt + week);
    expect(deadline({ recordFile: 'http://h/x', endTime: '2030-01-01 00:00:00' })).toBe(receivedAt + week);
  });

  it('reads our own events back as they were written', () => {
    const asset = { bytes: 5, sha256: 'ab', container: 'wav', seconds: 1.5, fileName: 'a/b.wav' };
    const archivedAt = '2025-05-22T05:00:00.123Z';
    const event = { recordingId: 'r5', callId: '1^1', ...asset, archivedAt };
    const expected = {
      kind: 'archived',
      seq: 7,
      recordingId: 'r5',
      asset: { ...asset, archivedAt: Date.parse(archivedAt) },
    };
    expect(change('recording.archived', event)).toEqual({ ...expected, flags: [] });
    expect(change('recording.archived', { ...event, flags: ['short'] })).toEqual({
      ...expected,
      flags: ['short'],
    });
    expect(
      change('recording.lost', { recordingId: 'r5', callId: '1^1', reason: 'expired', linkSeq: 3 }),
    ).toEqual({
      kind: 'lost',
      seq: 7,
      recordingId: 'r5',
      reason: 'expired',
      linkSeq: 3,
    });
  });
});
