import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesTag, readRange } from './file-answer.js';

describe('readRange', () => {
  it.each([
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=900-', { start: 900, end: 999 }],
    ['bytes=-1', { start: 999, end: 999 }],
    ['bytes=-5000', { start: 0, end: 999 }],
    ['bytes=990-5000', { start: 990, end: 999 }],
    ['BYTES=5-5', { start: 5, end: 5 }],
    ['bytes=0-99999999999999999999999', { start: 0, end: 999 }],
  ])('takes %s of 1000 bytes', (header, expected) => {
    expect(readRange(header, 1000)).toEqual(expected);
  });

  it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=-0', 'bytes=99999999999999999999999-'])(
    'finds %s of 1000 bytes unsatisfiable',
    (header) => {
      expect(readRange(header, 1000)).toBe('unsatisfiable');
    },
  );

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-1',
    'items=0-1',
    'bytes=a-b',
    'bytes=0-1,5-6',
    'bytes=--1',
  ])('answers %s with everything', (header) => {
    expect(readRange(header, 1000)).toBeUndefined();
  });

  it('finds every range of nothing unsatisfiable', () => {
    expect(['bytes=0-', 'bytes=-1', 'bytes=0-0'].map((header) => readRange(header, 0))).toEqual(
      Array(3).fill('unsatisfiable'),
    );
  });

  it('never leaves the bytes there are', () => {
    fc.assert(
      fc.property(fc.nat(), fc.option(fc.nat()), fc.option(fc.nat()), (size, first, last) => {
        const range = readRange(`bytes=${first ?? ''}-${last ?? ''}`, size);
        if (range === undefined || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });
});

describe('namesTag', () => {
  it.each(['"abc"', 'W/"abc"', '"x", "abc"', '*'])('finds "abc" in %s', (header) => {
    expect(namesTag(header, '"abc"')).toBe(true);
  });

  it.each([undefined, '', '"abcd"', 'abc'])('does not find "abc" in %s', (header) => {
    expect(namesTag(header, '"abc"')).toBe(false);
  });
});
