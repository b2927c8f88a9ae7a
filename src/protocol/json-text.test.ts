import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberText, replaceMember, splitArray } from './json-text.js';

describe('splitArray', () => {
  it('cuts out the text of each element, every digit of it', () => {
    const elements = ['{"a":1.10}', '1E400', '-0', '12345678901234567890', '"\\ud800"', '"\\u0000"'];
    expect(splitArray(`[ ${elements.join(' ,\n')} ]`)).toEqual(elements);
  });

  it('looks for no brackets, commas or quotes inside strings', () => {
    const elements = ['"],[{"', '{"a\\"]":"}\\\\"}', '"\\\\\\""'];
    expect(splitArray(`[${elements.join(',')}]`)).toEqual(elements);
  });

  it('has nothing for an empty array', () => {
    expect(splitArray('[]')).toEqual([]);
    expect(splitArray(' [ \r\n\t] ')).toEqual([]);
  });

  it('leaves a place without a value as an empty text, which is no JSON', () => {
    expect(splitArray('[1,]')).toEqual(['1', '']);
    expect(splitArray('[,1]')).toEqual(['', '1']);
    expect(splitArray('[,]')).toEqual(['', '']);
  });

  it.each(['', '[', ']', '[1', '["a]', '[{]}', '[1}', '[1] x', '[1][2]', '{"a":[1]}', '[[1]', '["\\"]'])(
    'finds no array in %j',
    (text) => {
      expect(splitArray(text)).toBeUndefined();
    },
  );

  it('splits every array as a parser would', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom('', ' ', '\n\t'), (values, space) => {
        const texts = values.map((value) => JSON.stringify(value));
        expect(splitArray(`[${space}${texts.join(`${space},${space}`)}${space}]`)).toEqual(texts);
      }),
    );
  });
});

describe('memberText', () => {
  it('gives the text of a number as it was written', () => {
    expect(memberText(' { "x" : 1, "callId" : 12345678901234567890 } ', 'callId')).toBe(
      '12345678901234567890',
    );
    expect(memberText('{"callId":-0}', 'callId')).toBe('-0');
    expect(memberText('{"callId":1E400}', 'callId')).toBe('1E400');
  });

  it('takes the last of equal names, and names by what they mean, as parsers do', () => {
    expect(memberText('{"a":1,"b":[{"a":2}],"a":3}', 'a')).toBe('3');
    expect(memberText('{"\\u0061":7}', 'a')).toBe('7');
  });

  it('finds no member inside members', () => {
    expect(memberText('{"b":{"a":2}}', 'a')).toBeUndefined();
    expect(memberText('{}', 'a')).toBeUndefined();
  });
});

describe('replaceMember', () => {
  it('changes the value and not one byte around it', () => {
    const text = ' {\t"n" : 1.10 , "recordFile"\n:  "http://a/\\u0041?x" , "z":{"recordFile":1} } ';
    expect(replaceMember(text, 'recordFile', '"new"')).toBe(
      ' {\t"n" : 1.10 , "recordFile"\n:  "new" , "z":{"recordFile":1} } ',
    );
  });

  it('changes all of equal names, however they are written', () => {
    expect(replaceMember('{"a":1,"b":2,"\\u0061":[3]}', 'a', '0')).toBe('{"a":0,"b":2,"\\u0061":0}');
  });

  it('leaves an object without the member as it is', () => {
    expect(replaceMember('{ "b" : {"a":1} }', 'a', '0')).toBe('{ "b" : {"a":1} }');
    expect(replaceMember('{}', 'a', '0')).toBe('{}');
  });

  it('gives the object that a parser would give with that value', () => {
    const object = fc.dictionary(fc.string({ maxLength: 2 }), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.jsonValue(), fc.nat({ max: 2 }), (value, put, space) => {
        const text = JSON.stringify({ ...value, a: 1 }, null, space);
        expect(JSON.parse(replaceMember(text, 'a', JSON.stringify(put)))).toEqual(
          JSON.parse(JSON.stringify({ ...value, a: put })),
        );
      }),
    );
  });
});
