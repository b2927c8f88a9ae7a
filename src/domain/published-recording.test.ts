import { describe, expect, it } from 'vitest';
import { publishedRecordingOf, recordFileReference, showMessageText } from './published-recording.js';

const mint = (recordingId: string) => `https://calls.example/r/${recordingId}?Expires=1`;

describe('a published message', () => {
  it('is shown with a minted link in the place of its reference, and as it is otherwise', () => {
    const text = `{ "callId" : "1^2", "recordFile" : "${recordFileReference(7)}", "n": 1.10 }`;
    expect(showMessageText(7, text, mint)).toBe(
      '{ "callId" : "1^2", "recordFile" : "https://calls.example/r/r7?Expires=1", "n": 1.10 }',
    );
  });

  it('is told by the seq of its own', () => {
    expect(publishedRecordingOf(7, 'earshot:r7')).toBe('r7');
    expect(publishedRecordingOf(8, 'earshot:r7')).toBeUndefined();
    expect(publishedRecordingOf(7, undefined)).toBeUndefined();
  });
});

describe('a message that came from outside', () => {
  it.each([
    '{"recordFile":"http://a.example/1.wav?Signature=s"}',
    '{"recordFile":"earshot:r7"}',
    '{"recordFile":"earshot:r80"}',
    '{"outId":"earshot:r8"}',
    '{"nested":{"recordFile":"earshot:r8"}}',
  ])('is never given a link to a recording of others: %s', (text) => {
    expect(showMessageText(8, text, mint)).toBe(text);
  });
});
