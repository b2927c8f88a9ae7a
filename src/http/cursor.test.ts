import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromCallCursor,
  fromQuarantineCursor,
  fromRecordingCursor,
  toCallCursor,
  toQuarantineCursor,
  toRecordingCursor,
} from './cursor.js';

describe('a cursor', () => {
  it('comes back as the position it was made of', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(), fc.string({ unit: 'binary' }), (at, id, text) => {
        expect(fromCallCursor(toCallCursor({ sortAt: at, id }))).toEqual({ sortAt: at, id });
        const position = { deadlineAt: at, id: text };
        expect(fromRecordingCursor(toRecordingCursor(position))).toEqual(position);
        expect(fromQuarantineCursor(toQuarantineCursor(text))).toBe(text);
      }),
    );
  });

  it('survives a query string as it is', () => {
    const cursor = toRecordingCursor({ deadlineAt: 1, id: '\u00ff\u00fe>>>???' });
    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  it.each([
    '',
    'abc',
    '!!!',
    'e30',
    'bnVsbA',
    toQuarantineCursor('7'),
    `${toCallCursor({ sortAt: 1, id: 2 })}=`,
  ])('of another list or another form is refused: %j', (cursor) => {
    expect(() => fromCallCursor(cursor)).toThrow(expect.objectContaining({ code: 'cursor-invalid' }));
  });
});
