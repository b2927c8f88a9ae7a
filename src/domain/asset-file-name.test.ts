import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAssetFileName, type AssetNaming } from './asset-file-name.js';

const naming: AssetNaming = {
  recordingId: 'r01',
  callId: '100001612345^100001812345',
  callStartAt: Date.parse('2025-05-22T12:29:20+08:00'),
  firstReceivedAt: Date.parse('2025-05-23T00:00:00Z'),
  container: 'wav',
  timeZone: 'Asia/Shanghai',
};

const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('.', '/', '\\', '\0', ':', '^', '~', 'a', 'A', '中', '\u202e') }),
  fc.constantFrom(
    '..',
    '../../etc/passwd',
    'C:\\x',
    'CON',
    'nul.wav',
    'aux',
    '.',
    '',
    'x'.repeat(10_000),
    '\ud800',
  ),
);

describe('the file name of an asset', () => {
  it('is the day of the call and the callId, as a person would look for them', () => {
    expect(toAssetFileName(naming)).toBe('2025-05-22/100001612345_100001812345-r01.wav');
  });

  it('counts days in the configured zone', () => {
    const late = { ...naming, callStartAt: Date.parse('2025-05-22T23:30:00Z') };
    expect(toAssetFileName(late)).toMatch(/^2025-05-23\//);
    expect(toAssetFileName({ ...late, timeZone: 'America/New_York' })).toMatch(/^2025-05-22\//);
  });

  it('falls back on the day of receipt where the call has no time, or an absurd one', () => {
    const { callStartAt: _, ...untimed } = naming;
    expect(toAssetFileName(untimed)).toMatch(/^2025-05-23\//);
    for (const callStartAt of [NaN, Infinity, 8.64e15, -6.3e13]) {
      expect(toAssetFileName({ ...naming, callStartAt })).toMatch(/^2025-05-23\//);
    }
  });

  it('is harmless on every file system, whatever the ids are', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (callId, recordingId, container) => {
        const name = toAssetFileName({ ...naming, callId, recordingId, container });
        expect(name).toMatch(/^\d{4}-\d\d-\d\d\/[a-zA-Z0-9_-]+-[a-z0-9][a-z0-9_-]*\.[a-z0-9]{1,8}$/);
        expect(name.length).toBeLessThan(150);
      }),
    );
  });

  it('differs for different recordings, even where case is ignored', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (callId, one, other) => {
        fc.pre(one !== other);
        const nameOf = (recordingId: string) =>
          toAssetFileName({ ...naming, callId, recordingId }).toLowerCase();
        expect(nameOf(one)).not.toBe(nameOf(other));
      }),
    );
    const nameOf = (recordingId: string) => toAssetFileName({ ...naming, recordingId }).toLowerCase();
    expect(nameOf('Abc')).not.toBe(nameOf('abc'));
  });
});
