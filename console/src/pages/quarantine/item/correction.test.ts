import { describe, expect, it } from 'vitest';
import { changeMode, findCorrectionFault, readAsGb18030, startCorrection, toBody } from './correction.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
/** {"a":"订单"} as a system wrote it that knows GB18030 only. */
const gb18030 = Uint8Array.of(...bytesOf('{"a":"'), 0xb6, 0xa9, 0xb5, 0xa5, ...bytesOf('"}'));

describe('a correction', () => {
  it('begins with what was received, as text where it is that', () => {
    expect(startCorrection(bytesOf('{"a":1,}'))).toEqual({ mode: 'text', value: '{"a":1,}' });
    expect(startCorrection(Uint8Array.of(0x7b, 0xff))).toEqual({ mode: 'hex', value: '7b ff' });
  });

  it('changes between text and hex, and not where bytes are no text', () => {
    const text = { mode: 'text', value: '{}' } as const;
    const hex = { mode: 'hex', value: '7b 7d' } as const;
    expect(changeMode(text, 'hex')).toEqual(hex);
    expect(changeMode(hex, 'text')).toEqual(text);
    expect(changeMode({ mode: 'hex', value: '7b ff' }, 'text')).toBeUndefined();
    expect(changeMode({ mode: 'hex', value: 'x' }, 'text')).toBeUndefined();
  });

  it('reads what a Chinese system wrote in its own way', () => {
    expect(readAsGb18030(startCorrection(gb18030))).toEqual({ mode: 'text', value: '{"a":"订单"}' });
    expect(readAsGb18030({ mode: 'hex', value: 'ff ff' })).toBeUndefined();
  });

  it('says what stands in the way of a message', () => {
    expect(findCorrectionFault({ mode: 'text', value: '{"a":1}' })).toBeUndefined();
    expect(findCorrectionFault({ mode: 'text', value: '{"a":1,}' })).toMatchObject({
      kind: 'json',
      fault: { kind: 'comma', column: 7 },
    });
    expect(findCorrectionFault({ mode: 'hex', value: '7b7' })).toEqual({ kind: 'hex' });
    expect(findCorrectionFault({ mode: 'hex', value: 'ff' })).toEqual({ kind: 'utf8' });
    expect(findCorrectionFault({ mode: 'hex', value: '1f8b00' })).toBeUndefined();
  });

  it('is sent as the bytes that it means', () => {
    const sent = (body: string) => Buffer.from(body, 'base64').toString();
    expect(sent(toBody({ mode: 'text', value: '{"a":"订单"}' }))).toBe('{"a":"订单"}');
    expect(sent(toBody({ mode: 'hex', value: '7B 7d' }))).toBe('{}');
  });
});
