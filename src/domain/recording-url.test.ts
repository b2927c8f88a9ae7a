import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecordingLink } from '../protocol/recording-link.js';
import { judgeRecordingUrl, mintRecordingUrl } from './recording-url.js';

const key = { id: 'k1', secret: Buffer.alloc(32, 1).toString('base64url') };
const newer = { id: 'k2', secret: Buffer.alloc(32, 2).toString('base64url') };
const now = Date.UTC(2025, 4, 22, 5);
const expiresAt = now + 7 * 86_400_000;
const publicUrl = 'https://calls.example';
const mint = (recordingId = 'r12', by = key) =>
  mintRecordingUrl({ publicUrl, recordingId, expiresAt, key: by });
const queryOf = (url: string) => url.slice(url.indexOf('?') + 1);

describe('a link to a recording', () => {
  it('has a stable path and tells its expiry as links of the vendor do', () => {
    expect(readRecordingLink(mint())).toMatchObject({ host: 'calls.example', path: '/r/r12', expiresAt });
    expect(mint()).toMatch(/^https:\/\/calls\.example\/r\/r12\?Expires=\d+&KeyId=k1&Signature=[\w-]{43}$/);
  });

  it('is valid until it expires, by its own key, while that is', () => {
    const query = queryOf(mint());
    expect(judgeRecordingUrl('r12', query, [newer, key], now)).toBe('valid');
    expect(judgeRecordingUrl('r12', query, [newer, key], expiresAt - 1)).toBe('valid');
    expect(judgeRecordingUrl('r12', query, [newer, key], expiresAt)).toBe('expired');
    expect(judgeRecordingUrl('r12', query, [newer], now)).toBe('does-not-match');
    expect(judgeRecordingUrl('r12', query, [{ ...key, expiresAt: now }], now)).toBe('does-not-match');
    expect(judgeRecordingUrl('r13', query, [key], now)).toBe('does-not-match');
  });

  it('still says that it has expired when its key is gone', () => {
    expect(judgeRecordingUrl('r12', queryOf(mint()), [], expiresAt + 1)).toBe('expired');
  });

  it('does not survive any change', () => {
    const query = queryOf(mint());
    const change = fc.record({
      at: fc.nat({ max: query.length }),
      cut: fc.nat({ max: 3 }),
      put: fc.string({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(change, ({ at, cut, put }) => {
        const changed = query.slice(0, at) + put + query.slice(at + cut);
        fc.pre(changed !== query);
        expect(judgeRecordingUrl('r12', changed, [key], now)).not.toBe('valid');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is taken in no other form', () => {
    const query = queryOf(mint());
    const [expires, id, signature] = query.split('&');
    const forms = [
      `${id}&${expires}&${signature}`,
      `${query}&x=1`,
      `${query}&`,
      query.replace('Expires=', 'Expires=0'),
      query.toLowerCase(),
      `${query}=`,
      '',
    ];
    for (const form of forms) expect(judgeRecordingUrl('r12', form, [key], now)).toBe('does-not-match');
  });
});
