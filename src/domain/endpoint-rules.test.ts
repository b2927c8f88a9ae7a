import { describe, expect, it } from 'vitest';
import type { EndpointSettings } from './endpoint.js';
import { refuseUnusable } from './endpoint-rules.js';
import { AppError } from './errors.js';

type Checked = Pick<EndpointSettings, 'url' | 'headers' | 'auth'>;

/** What is said about settings, or undefined where nothing is. */
function refusalOf(settings: Partial<Checked>): string | undefined {
  try {
    refuseUnusable({ url: 'https://receiver.example/push', headers: {}, ...settings });
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('endpoint-invalid');
    return error.message;
  }
}

describe('the rules of an endpoint', () => {
  it.each([
    'http://receiver.example',
    'https://receiver.example:8443/a/b?token=x%2by&y=1^2',
    'https://[2001:db8::1]/push',
    'https://empfänger.example/',
  ])('take %s', (url) => {
    expect(refusalOf({ url })).toBeUndefined();
  });

  it.each([
    ['ftp://receiver.example/', 'http://'],
    ['file:///etc/passwd', 'http://'],
    ['javascript:alert(1)', 'http://'],
    ['receiver.example/push', 'no URL'],
    ['//receiver.example', 'no URL'],
    ['', 'no URL'],
    ['https://user:secret@receiver.example/', '`auth`'],
    ['https://user@receiver.example/', '`auth`'],
    ['https://receiver.example/#part', 'fragment'],
    ['https://receiver.example/#', 'fragment'],
    ['https:receiver.example/', 'plainly'],
    ['https:\\\\receiver.example\\', 'plainly'],
    ['https://receiver.example\\@127.0.0.1/', 'plainly'],
    [' https://receiver.example/', 'plainly'],
    ['https://receiver.example/a b', 'plainly'],
  ])('refuse %j and never repeat it', (url, word) => {
    expect(refusalOf({ url })).toContain(word);
    expect(refusalOf({ url })).not.toContain('secret');
  });

  it.each([
    'Content-Length',
    'host',
    'Transfer-Encoding',
    'connection',
    'content-encoding',
    'webhook-id',
    'Webhook-Anything',
    'expect',
    'a b',
    '',
    'ключ',
  ])('refuse the header %j', (name) => {
    expect(refusalOf({ headers: { [name]: 'x' } })).toContain('`headers`');
  });

  it('refuse values that would end a header, and names that differ in case only', () => {
    for (const value of ['a\r\nb: c', 'a\nb', 'a\0', '录音']) {
      expect(refusalOf({ headers: { 'x-note': value } })).toContain('x-note');
    }
    expect(refusalOf({ headers: { 'x-note': 'a', 'X-Note': 'b' } })).toContain('twice');
    expect(refusalOf({ headers: { 'x-note': 'ünicode of one byte,\tand a tab' } })).toBeUndefined();
  });

  it('refuse authentication that cannot be sent, or is said twice', () => {
    expect(refusalOf({ auth: { kind: 'basic', user: 'a:b', password: 'x' } })).toContain('colon');
    expect(refusalOf({ auth: { kind: 'basic', user: 'a', password: 'x\n' } })).toContain('control');
    expect(refusalOf({ auth: { kind: 'basic', user: 'ä', password: 'a:b 录' } })).toBeUndefined();
    expect(refusalOf({ auth: { kind: 'bearer', token: 'a b' } })).toContain('`auth.token`');
    expect(refusalOf({ auth: { kind: 'bearer', token: '' } })).toContain('`auth.token`');
    const auth = { kind: 'bearer', token: 'abc' } as const;
    expect(refusalOf({ auth })).toBeUndefined();
    expect(refusalOf({ auth, headers: { Authorization: 'Basic x' } })).toContain('keep one');
  });
});
