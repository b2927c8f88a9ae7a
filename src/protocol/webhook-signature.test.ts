import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { findSignatureFault, signPush, toWebhookSecret, verifySignature } from './webhook-signature.js';

const secret = toWebhookSecret(Buffer.alloc(32, 7));
const other = toWebhookSecret(Buffer.alloc(32, 8));
const webhookId = 'msg_2Kj';
const now = Date.now();
const body = '[{"callId":"1^2","outTag":"测试"}]';
const signed = (secrets = [secret], at = now) => signPush({ webhookId, at, body, secrets });

describe('a signed push', () => {
  it('is verified by the standardwebhooks package', () => {
    expect(new Webhook(secret).verify(body, { ...signed() })).toEqual(JSON.parse(body));
  });

  it('is verified by any of several secrets while one takes the place of another', () => {
    const headers = { ...signed([secret, other]) };
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const each of [secret, other]) {
      expect(() => new Webhook(each).verify(body, headers)).not.toThrow();
      expect(verifySignature({ secret: each, headers, body, now })).toBe(true);
    }
  });

  it('signs the bytes of any body, as text and as bytes alike', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        (text, key) => {
          const secrets = [toWebhookSecret(key)];
          const bytes = Buffer.from(text);
          const fromText = signPush({ webhookId, at: now, body: bytes.toString(), secrets });
          expect(signPush({ webhookId, at: now, body: bytes, secrets })).toEqual(fromText);
          expect(verifySignature({ secret: secrets, headers: { ...fromText }, body: bytes, now })).toBe(true);
        },
      ),
    );
  });
});

describe('verifying', () => {
  it('accepts what the standardwebhooks package signed', () => {
    const at = new Date(now);
    const headers = {
      'Webhook-Id': webhookId,
      'Webhook-Timestamp': String(Math.floor(now / 1000)),
      'Webhook-Signature': new Webhook(secret).sign(webhookId, at, body),
    };
    expect(verifySignature({ secret, headers, body, now })).toBe(true);
    expect(verifySignature({ secret: [other, secret], headers: new Headers(headers), body, now })).toBe(true);
  });

  it('refuses another secret, another body, another id', () => {
    const headers = { ...signed() };
    expect(findSignatureFault({ secret: other, headers, body, now })).toBe('no-match');
    expect(findSignatureFault({ secret, headers, body: `${body} `, now })).toBe('no-match');
    expect(findSignatureFault({ secret, headers: { ...headers, 'webhook-id': 'x' }, body, now })).toBe(
      'no-match',
    );
  });

  it('refuses what was signed too long ago, or in the future', () => {
    expect(findSignatureFault({ secret, headers: { ...signed() }, body, now: now + 302_000 })).toBe(
      'timestamp-too-old',
    );
    expect(findSignatureFault({ secret, headers: { ...signed() }, body, now: now - 302_000 })).toBe(
      'timestamp-too-new',
    );
    const late = { secret, headers: { ...signed() }, body, now: now + 302_000, toleranceSeconds: 600 };
    expect(verifySignature(late)).toBe(true);
  });

  it('refuses a push without the headers, or with words in their place', () => {
    expect(findSignatureFault({ secret, headers: {}, body, now })).toBe('headers-missing');
    expect(
      findSignatureFault({ secret, headers: { ...signed(), 'webhook-timestamp': 'now' }, body, now }),
    ).toBe('headers-missing');
  });

  it('takes a body in gzip as it came, for what is signed is what is in it', () => {
    const headers = { ...signed() };
    expect(verifySignature({ secret, headers, body: gzipSync(body), now })).toBe(true);
    expect(verifySignature({ secret, headers, body: gzipSync(`${body} `), now })).toBe(false);
    expect(verifySignature({ secret, headers, body: Buffer.from([0x1f, 0x8b, 0]), now })).toBe(false);
  });

  it('takes no signature where a header came twice', () => {
    const headers = { ...signed(), 'webhook-signature': [signed()['webhook-signature'], 'v1,x'] };
    expect(findSignatureFault({ secret, headers, body, now })).toBe('headers-missing');
  });

  it('never repeats a secret that is none', () => {
    expect(() => verifySignature({ secret: 'whsec_A', headers: {}, body, now })).toThrow(RangeError);
    const slip = 'whsec_geheim geheim';
    expect(() => verifySignature({ secret: slip, headers: {}, body, now })).toThrow(/^(?!.*geheim).*base64/);
  });
});
