import { createRemoteJWKSet, customFetch as keyFetch, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { CustomFetch } from 'openid-client';
import type { GuardedClient } from '../net/guarded-fetch.js';

const timeoutMs = 10_000;
/** Far above any discovery document or set of keys. */
const maxBytes = 1024 * 1024;

/** `fetch` as the sign-in library wants it, on the one way out that checks every address. */
export function createFetchThrough(client: Pick<GuardedClient, 'request'>): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const answer = await client.request({
      url,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(body === null || body === undefined ? {} : { body: toText(body) }),
      ...(signal ? { signal } : {}),
      headTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
      totalTimeoutMs: timeoutMs,
    });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of answer.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new Error('the answer is too large');
      chunks.push(chunk);
    }
    const given = Object.entries(answer.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    );
    const isBodiless = answer.status === 204 || answer.status === 304;
    return new Response(isBodiless ? null : Buffer.concat(chunks), { status: answer.status, headers: given });
  };
}

function toText(body: unknown): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a sign-in sends text alone');
}

export interface SingleSignOnSettings {
  /** URL of the OpenID provider. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, by PKCE alone. */
  readonly clientSecret?: string;
  readonly scopes: string;
  /** Asked of the provider's userinfo where the ID token has it not. */
  readonly rolesClaim: string;
}

/** What a browser keeps between going there and coming back, in a cookie that no script reads. */
export interface SignInFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The provider was told to ask who is there, whether or not it knows them. */
  readonly asksAgain?: true;
}

export interface Admission {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** When the provider last asked them for more than a click, in ms. */
  readonly shownAt: number;
  /** As it came, for signing out there. */
  readonly idToken?: string;
}

/** Of a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4). */
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** A logout token is made when it is sent. */
const longestLogoutSeconds = 5 * 60;

const dayMs = 24 * 60 * 60 * 1000;

/**
 * OpenID Connect: authorization code with PKCE, state and nonce. The provider is asked for its description when
 * somebody first signs in, again after a failure, and once a day: a start waits for nobody.
 */
export class SingleSignOn {
  #found: { readonly at: number; readonly configuration: Promise<oidc.Configuration> } | undefined;

  constructor(
    private readonly settings: SingleSignOnSettings,
    private readonly fetch: oidc.CustomFetch,
    private readonly clock: Clock,
  ) {}

  /**
   * Where the browser goes, and what it keeps meanwhile. `asksAgain`: the provider is to ask for the password, or what it
   * has in its place, even where it knows who is there. Rejects with `single-sign-on-unavailable`.
   */
  async begin(returnUrl: string, asksAgain = false): Promise<{ url: string; flow: SignInFlow }> {
    const configuration = await this.#configuration();
    const flow = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      ...(asksAgain ? { asksAgain } : {}),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: returnUrl,
      scope: this.settings.scopes,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      // With max_age the ID token tells when they were asked: what the browser leaves out on the way is noticed.
      ...(asksAgain ? { prompt: 'login', max_age: '0' } : {}),
    });
    return { url: url.href, flow };
  }

  /** Who came back. `url` is the return URL with what the provider has added. Rejects with `single-sign-on-failed`. */
  async finish(url: string, { state, nonce, verifier, asksAgain }: SignInFlow): Promise<Admission> {
    const configuration = await this.#configuration();
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, new URL(url), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('there is no ID token');
      const more = await this.#moreClaims(configuration, tokens.access_token, claims);
      const shownAt = shownAtOf(claims.auth_time, asksAgain ? this.clock() : 0);
      const who = { issuer: claims.iss, subject: claims.sub, claims: { ...more, ...claims }, shownAt };
      return tokens.id_token === undefined ? who : { ...who, idToken: tokens.id_token };
    } catch (error) {
      throw new AppError('single-sign-on-failed', `${wordsOf(error)}.`, { cause: error });
    }
  }

  /**
   * Where a browser goes to sign out there, too, and comes back from to `returnUrl`; undefined where the provider has
   * no such place.
   */
  async signOutUrl(returnUrl: string, idToken: string | undefined): Promise<string | undefined> {
    const configuration = await this.#configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return oidc.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: returnUrl,
      ...(idToken === undefined ? {} : { id_token_hint: idToken }),
    }).href;
  }

  /** Whom the provider says it has signed out. Rejects with `body-invalid` where that cannot be believed. */
  async readLogout(token: string): Promise<{ issuer: string; subject: string }> {
    const { issuer, jwks_uri: keysUrl } = (await this.#configuration()).serverMetadata();
    try {
      const keys = createRemoteJWKSet(new URL(keysUrl ?? ''), {
        [keyFetch]: (url, { headers, signal }) =>
          this.fetch(url, {
            method: 'GET',
            headers: Object.fromEntries(headers),
            body: undefined,
            redirect: 'manual',
            signal,
          }),
      });
      const { payload } = await jwtVerify(token, keys, {
        ...{
          issuer,
          audience: this.settings.clientId,
          maxTokenAge: longestLogoutSeconds,
          clockTolerance: 30,
        },
        currentDate: new Date(this.clock()),
      });
      const events = payload['events'];
      const isLogout = typeof events === 'object' && events !== null && Object.hasOwn(events, logoutEvent);
      if (!isLogout || 'nonce' in payload) throw new Error('this token says nothing of signing out');
      if (payload.sub === undefined) throw new Error('the token does not name whom it signs out');
      return { issuer, subject: payload.sub };
    } catch (error) {
      throw new AppError('body-invalid', 'The logout token could not be trusted.', { cause: error });
    }
  }

  async #moreClaims(
    configuration: oidc.Configuration,
    accessToken: string,
    claims: oidc.IDToken,
  ): Promise<Record<string, unknown>> {
    const [claim = ''] = this.settings.rolesClaim.split('.');
    const hasAll = claim in claims && ('preferred_username' in claims || 'email' in claims);
    if (hasAll || configuration.serverMetadata().userinfo_endpoint === undefined) return {};
    return oidc.fetchUserInfo(configuration, accessToken, claims.sub);
  }

  async #configuration(): Promise<oidc.Configuration> {
    const now = this.clock();
    if (!this.#found || now - this.#found.at > dayMs) {
      this.#found = { at: now, configuration: this.#discover() };
    }
    const asked = this.#found;
    try {
      return await asked.configuration;
    } catch (error) {
      if (this.#found === asked) this.#found = undefined;
      throw new AppError(
        'single-sign-on-unavailable',
        'The place where people sign in does not answer as it should.',
        { cause: error },
      );
    }
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const authentication = clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
    const server = new URL(issuer);
    return oidc.discovery(server, clientId, clientSecret, authentication, {
      [oidc.customFetch]: this.fetch,
      timeout: 10,
      execute: [
        // That the ID token came from the provider itself over TLS says who sent it; its signature says who made it.
        oidc.enableNonRepudiationChecks,
        // The settings take http for this very machine alone.
        // oxlint-disable-next-line typescript/no-deprecated -- marked so that nobody uses it lightly
        ...(server.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
      ],
    });
  }
}

/** A provider that does not tell, although it was asked to, must be believed that it did as it was told. */
function shownAtOf(authTime: unknown, untold: number): number {
  return typeof authTime === 'number' ? authTime * 1000 : untold;
}

/** Why, in words that hold nothing of what was exchanged. */
function wordsOf(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError) {
    return `The provider refused: ${error.error.replace(/[^\w-]/g, '').slice(0, 60)}`;
  }
  return 'What came back from the provider could not be trusted, or was too old';
}
