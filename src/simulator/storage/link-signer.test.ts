import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkVersions } from '../simulation-options.js';
import { createLinkSigner, readLinkTerms, toPath } from './link-signer.js';

const signer = createLinkSigner('LTAI5tEXAMPLE', 'a secret');
const key = '20250522/100001612345^100018012345_record.wav';

describe('a signed link', () => {
  it('has the parameters of its version', () => {
    const terms = { signedAtSeconds: 1_747_888_280, expiresAtSeconds: 1_748_493_080 };
    expect(signer.sign('GET', key, { version: 'v1', ...terms })).toMatch(
      /^Expires=1748493080&OSSAccessKeyId=LTAI5tEXAMPLE&Signature=[A-Za-z0-9%]+%3D$/,
    );
    expect(signer.sign('GET', key, { version: 'v2', ...terms })).toMatch(
      /^x-oss-access-key-id=LTAI5tEXAMPLE&x-oss-expires=1748493080&x-oss-signature-version=OSS2&x-oss-signature=[A-Za-z0-9%]+%3D$/,
    );
    expect(signer.sign('GET', key, { version: 'v4', ...terms })).toMatch(
      /^x-oss-credential=LTAI5tEXAMPLE%2F20250522%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20250522T043120Z&x-oss-expires=604800&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-signature=[0-9a-f]{64}$/,
    );
  });

  it('says its terms again, and another verb, object, secret or time gives another one', () => {
    const seconds = fc.integer({ min: 1_000_000_000, max: 4_000_000_000 });
    fc.assert(
      fc.property(
        fc.constantFrom(...linkVersions),
        seconds,
        fc.integer({ min: 1, max: 604_800 }),
        (version, at, life) => {
          const terms = { version, signedAtSeconds: version === 'v4' ? at : 0, expiresAtSeconds: at + life };
          const query = signer.sign('GET', key, terms);
          expect(readLinkTerms(query)).toEqual(terms);
          const later = { ...terms, expiresAtSeconds: terms.expiresAtSeconds + 1 };
          const others = [
            signer.sign('HEAD', key, terms),
            signer.sign('GET', `${key}.bak`, terms),
            signer.sign('GET', key, later),
            createLinkSigner('LTAI5tEXAMPLE', 'another secret').sign('GET', key, terms),
          ];
          const signatureOf = (text: string): string => /ignature=([^&]*)$/.exec(text)?.[1] ?? '';
          expect(others.map(signatureOf)).not.toContain(signatureOf(query));
        },
      ),
    );
  });

  it('keeps slashes and encodes the caret in its path', () => {
    expect(toPath(key)).toBe('/20250522/100001612345%5E100018012345_record.wav');
  });

  it.each([
    '',
    'a=b',
    'Signature=x',
    'Signature=x&Expires=soon',
    'x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=now',
  ])('is nothing that "%s" could be', (query) => {
    expect(readLinkTerms(query)).toBeUndefined();
  });
});
