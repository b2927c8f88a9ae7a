import { describe, expect, it } from 'vitest';
import { isMessageType, tellMessageType } from './message.js';

describe('tellMessageType', () => {
  it.each([
    [{ recordFile: 'http://x/y' }, 'AlicomAgentCallRecord'],
    [{ recordFile: null }, 'AlicomAgentCallRecord'],
    [{ majorIntent: 'A' }, 'AlicomAgentCallNote'],
    [{ outputTags: {} }, 'AlicomAgentCallNote'],
    [{ hangupDirection: '用户' }, 'AlicomAgentCallReport'],
    [{ callee: '1' }, 'AlicomAgentCallReport'],
    [{ statusCode: '200010' }, 'AlicomAgentCallReport'],
  ])('tells %j', (fields, type) => {
    expect(tellMessageType({ callId: '1^1', ...fields })).toBe(type);
  });

  it('lets the recording decide where fields of several types are there', () => {
    expect(tellMessageType({ statusCode: '1', majorIntent: 'A', recordFile: '' })).toBe(
      'AlicomAgentCallRecord',
    );
    expect(tellMessageType({ statusCode: '1', majorIntent: 'A' })).toBe('AlicomAgentCallNote');
  });

  it.each(['duration', 'startTime', 'endTime', 'taskId', 'detailId', 'batchId', 'outId'])(
    'takes %s without a field of a sibling for a record that came without its link',
    (name) => {
      expect(tellMessageType({ callId: '1^1', [name]: null })).toBe('AlicomAgentCallRecord');
      expect(tellMessageType({ callId: '1^1', [name]: 'x', callee: '1' })).toBe('AlicomAgentCallReport');
    },
  );

  it('tells nothing of a message without such a field', () => {
    expect(tellMessageType({ callId: '1^1', vendor: 'x' })).toBeUndefined();
  });
});

describe('isMessageType', () => {
  it("knows the vendor's full names, letter for letter", () => {
    expect(isMessageType('AlicomAgentCallRecord')).toBe(true);
    expect(isMessageType('alicomagentcallrecord')).toBe(false);
    expect(isMessageType('toString')).toBe(false);
  });
});
