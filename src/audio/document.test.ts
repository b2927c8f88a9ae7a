import { describe, expect, it } from 'vitest';
import { makeAdts, makeNoise, mp3Frames } from '../../test/support/audio-samples.js';
import { readDocument } from './document.js';

const kindOf = (text: string | Uint8Array) => readDocument(Buffer.from(text as string))?.kind;

describe('a document instead of audio', () => {
  it.each([
    ['html', '<html>'],
    ['html', '\ufeff \r\n\t<!DOCTYPE html><p>busy'],
    ['xml', '<?xml version="1.0"?><a/>'],
    ['xml', '\n\n<Error><Code>NoSuchKey</Code></Error>'],
    ['json', '{"resultCode":"1"}'],
    ['json', '\ufeff \n[ {"a":1}]'],
    ['json', '{}'],
    ['text', 'No recording of this call'],
    ['text', '没有录音'],
    ['text', '  \r\n'],
  ])('is %s: %j', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('may be UTF-16, or in an older encoding', () => {
    expect(kindOf(Buffer.from('\ufeff<html><body>', 'utf16le'))).toBe('html');
    expect(kindOf(Buffer.from('\ufeff{"code":1}', 'utf16le').swap16())).toBe('json');
    expect(kindOf(Buffer.from('3c68746d6c3ec3bbd3d0c2bcd2f43c2f68746d6c3e', 'hex'))).toBe('html');
  });

  it.each([
    ['A-law silence', Buffer.alloc(4_000, 0xd5)],
    ['µ-law silence', Buffer.alloc(4_000, 0x7f)],
    ['noise', makeNoise(4_000)],
    ['MP3', mp3Frames(9, 2)],
    ['AAC', makeAdts(9)],
    ['SILK', Buffer.from('\x02#!SILK_V3\x10\x20', 'latin1')],
    ['samples that begin like one', Buffer.concat([Buffer.from('<html>{"'), Buffer.alloc(9, 3)])],
  ])('is not %s', (_what, bytes) => {
    expect(kindOf(bytes)).toBeUndefined();
  });

  it('says what it is', () => {
    expect(readDocument(Buffer.from('<p>'))?.detail).toBe('an HTML page');
    expect(readDocument(Buffer.from('<Error><Code>NoSuchKey</Code></Error>'))?.detail).toBe('an XML page');
  });
});
