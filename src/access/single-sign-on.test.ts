import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { SingleSignOn } from './single-sign-on.js';

const issuer = 'https://id.example';
const clientId = 'earshot';
const logoutEvents = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const now = Math.floor(Date.now() / 1000);

let key: CryptoKey;
let otherKey: CryptoKey;
let publicKey: object;
beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  key = pair.privateKey;
  otherKey = (await generateKeyPair('RS256')).privateKey;
  publicKey = { ...(await exportJWK(pair.publicKey)), kid: '1', use: 'sig', alg: 'RS256' };
});

function sign(claims: JWTPayload, by = key): Promise<string> {
  return new SignJWT({ iss: issuer, aud: clientId, sub: 'alice', iat: now, exp: now + 60, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: '1' })
    .sign(by);
}

/** A provider that answers every code with this ID token. */
function openSignOn(idToken: () => Promise<string> = () => Promise.reject(new Error('nobody signs in'))) {
  const json = (body: unknown) =>
    new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  const settings = { issuer, clientId, scopes: 'openid', rolesClaim: 'groups' };
  return new SingleSignOn(
    settings,
    async (url) => {
      switch (new URL(url).pathname) {
        case '/.well-known/openid-configuration':
          return json({
            ...{ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` },
            ...{ jwks_uri: `${issuer}/keys`, id_token_signing_alg_values_supported: ['RS256'] },
            ...{ response_types_supported: ['code'], subject_types_supported: ['public'] },
          });
        case '/keys':
          return json({ keys: [publicKey] });
        case '/token':
          return json({ access_token: 'a', token_type: 'Bearer', id_token: await idToken() });
        default:
          return new Response(null, { status: 404 });
      }
    },
    Date.now,
  );
}

describe('an ID token', () => {
  async function finish(by: CryptoKey, change: (token: string) => string = (token) => token) {
    let nonce = '';
    const signOn = openSignOn(async () => change(await sign({ nonce, groups: ['admins'] }, by)));
    const { flow } = await signOn.begin('https://earshot.example/return');
    nonce = flow.nonce;
    return signOn.finish(`https://earshot.example/return?code=c&state=${flow.state}`, flow);
  }

  it('tells when the provider asked them, and else whether it was told to', async () => {
    const shown = async (claims: JWTPayload, asksAgain: boolean) => {
      let nonce = '';
      const signOn = openSignOn(() => sign({ nonce, ...claims }));
      const { flow } = await signOn.begin('https://earshot.example/return', asksAgain);
      nonce = flow.nonce;
      const url = `https://earshot.example/return?code=c&state=${flow.state}`;
      return (await signOn.finish(url, flow)).shownAt;
    };
    const before = Date.now();
    expect(await shown({ auth_time: now - 90 }, true)).toBe((now - 90) * 1000);
    expect(await shown({ auth_time: now - 90 }, false)).toBe((now - 90) * 1000);
    expect(await shown({}, false)).toBe(0);
    expect(await shown({}, true)).toBeGreaterThanOrEqual(before);
  });

  it('tells who came where the provider has signed it', async () => {
    expect(await finish(key)).toMatchObject({ issuer, subject: 'alice', claims: { groups: ['admins'] } });
  });

  it.each<[string, (token: string) => string]>([
    ['whose signature is of another token', (token) => `${token.slice(0, -8)}AAAAAAAA`],
    ['without a signature', (token) => token.replace(/[^.]*$/, '')],
    [
      'whose claims were changed',
      (token) => {
        const [head, claims = '', signature] = token.split('.');
        const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
        const changed = Buffer.from(JSON.stringify({ ...read, groups: ['root'] })).toString('base64url');
        return [head, changed, signature].join('.');
      },
    ],
  ])('%s is not believed', async (_what, change) => {
    await expect(finish(key, change)).rejects.toMatchObject({ code: 'single-sign-on-failed' });
  });

  it('that somebody else has signed is not believed', async () => {
    await expect(finish(otherKey)).rejects.toMatchObject({ code: 'single-sign-on-failed' });
  });
});

describe('a logout token', () => {
  const logout = { events: logoutEvents, jti: '1' };

  it('names whom the provider has signed out', async () => {
    expect(await openSignOn().readLogout(await sign(logout))).toEqual({ issuer, subject: 'alice' });
  });

  it.each<[string, JWTPayload]>([
    ['of another issuer', { ...logout, iss: 'https://other.example' }],
    ['for another client', { ...logout, aud: 'other' }],
    ['that is none, but an ID token', { nonce: 'n' }],
    ['with a nonce', { ...logout, nonce: 'n' }],
    ['of nobody', { ...logout, sub: undefined as unknown as string, sid: 's' }],
    ['of long ago', { ...logout, iat: now - 3_600, exp: now + 60 }],
    ['without an instant', { ...logout, iat: undefined as unknown as number }],
    ['that has run out', { ...logout, exp: now - 60 }],
  ])('%s is not believed', async (_what, claims) => {
    await expect(openSignOn().readLogout(await sign(claims))).rejects.toMatchObject({ code: 'body-invalid' });
  });

  it('that the provider has not signed is not believed', async () => {
    const forged = sign(logout, otherKey);
    await expect(openSignOn().readLogout(await forged)).rejects.toMatchObject({ code: 'body-invalid' });
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign(logout)).split('.')[1]}.`;
    await expect(openSignOn().readLogout(none)).rejects.toMatchObject({ code: 'body-invalid' });
  });
});
