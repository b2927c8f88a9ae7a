import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { SignInFlow } from '../../access/single-sign-on.js';
import { parametersOf } from '../../contract/page.js';
import { AppError } from '../../domain/errors.js';
import { earshotActor } from '../../access/auditor.js';
import { type Api, otherAnswers } from '../api.js';
import type { SignInArea } from '../areas.js';
import { sentBody } from '../request-body.js';
import { openSession, singleSignOnPath } from './session-routes.js';

const returnPath = `${singleSignOnPath}/return`;
const signOutPath = `${singleSignOnPath}/sign-out`;
/** Long enough to sign in there, with a second factor that has to be looked for. */
const flowSeconds = 15 * 60;

/** Two addresses that browsers go to: there, and back. What goes wrong is told on the sign-in page. */
export function addSingleSignOnRoutes(api: Api, deps: SignInArea): void {
  const { singleSignOn, publicUrl } = deps;
  if (!singleSignOn) return;
  const { provider, admit } = singleSignOn;
  const cookie = flowCookie(publicUrl);
  const signedInAs = idTokenCookie(publicUrl);
  const returnUrl = (): string => publicUrl() + returnPath;

  api.get(
    singleSignOnPath,
    {
      config: { right: 'open' },
      schema: {
        ...schema,
        summary: 'Sends a browser to where people sign in',
        querystring: parametersOf({
          again: Type.Optional(
            Type.Literal('yes', {
              description: 'They are asked who they are even where that is known there.',
            }),
          ),
        }),
      },
    },
    ({ query }, reply) =>
      orTell(reply, async () => {
        const { url, flow } = await provider.begin(returnUrl(), query.again === 'yes');
        cookie.set(reply, flow);
        return url;
      }),
  );

  api.get(
    returnPath,
    {
      config: { right: 'open', audit: 'session.opened' },
      schema: { ...schema, summary: 'Where browsers come back to' },
    },
    (request, reply) =>
      orTell(reply, async () => {
        const flow = cookie.read(request.headers.cookie);
        if (!flow) throw new AppError('single-sign-on-failed', 'This browser did not begin to sign in.');
        const query = request.url.slice(request.url.indexOf('?'));
        const admission = await provider.finish(returnUrl() + query, flow);
        const account = await admit(admission, request.ip);
        await openSession(account, request, reply, deps, admission.shownAt);
        cookie.clear(reply);
        signedInAs.set(reply, admission.idToken);
        request.noteForAudit({ detail: { by: 'single sign-on' } });
        return '/';
      }),
  );

  api.get(
    signOutPath,
    {
      config: { right: 'open' },
      schema: { ...schema, summary: 'Sends a browser that has signed out here to sign out there, too' },
    },
    (request, reply) =>
      orTell(reply, async () => {
        const back = `${publicUrl()}/sign-in`;
        const url = await provider.signOutUrl(back, signedInAs.read(request.headers.cookie));
        signedInAs.set(reply, undefined);
        return url ?? '/sign-in';
      }),
  );

  api.post(
    `${singleSignOnPath}/signed-out`,
    {
      config: { right: 'open' },
      bodyLimit: maxLogoutBytes,
      schema: {
        tags: ['session'],
        security: [],
        summary: 'The provider tells that somebody has signed out there (back-channel logout)',
        response: otherAnswers({
          200: Type.Null({ description: 'All sessions of the account have ended.' }),
        }),
      },
    },
    async (request, reply) => {
      const token = new URLSearchParams(sentBody(request)?.toString() ?? '').get('logout_token');
      const account = await deps.accounts.findByIdentity(await provider.readLogout(token ?? ''));
      const ended = account ? await deps.sessions.closeOf(account.id) : 0;
      if (account && ended > 0) {
        await deps.auditor.record({
          ...{ actor: earshotActor, action: 'session.closed', address: request.ip },
          subject: { kind: 'account', id: account.id },
          detail: { by: 'single sign-on', sessions: ended },
        });
      }
      return reply.header('cache-control', 'no-store').code(200).send();
    },
  );
}

/** Far above any logout token; they come from anybody. */
const maxLogoutBytes = 16 * 1024;

const schema = {
  tags: ['session'],
  security: [],
  response: otherAnswers({ 303: Type.Null({ description: 'On to the next place.' }) }),
};

/** Where to next; a refusal goes to the sign-in page with its word, which the console explains. */
async function orTell(reply: FastifyReply, work: () => Promise<string>): Promise<FastifyReply> {
  let next: string;
  try {
    next = await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    reply.log.warn({ err: error, code: error.code }, 'somebody could not sign in elsewhere');
    reply.request.noteForAudit(null);
    reply.removeHeader('set-cookie');
    next = `/sign-in?refused=${error.code}`;
  }
  return reply.code(303).header('location', next).send();
}

/**
 * What the provider wants to be told when this browser signs out: in the browser alone, where no script reads it. One
 * that is too long for a cookie is left out: the provider asks then whether to sign out.
 */
function idTokenCookie(publicUrl: () => string) {
  const isSecure = (): boolean => publicUrl().startsWith('https:');
  const name = (): string => (isSecure() ? '__Secure-earshot_elsewhere' : 'earshot_elsewhere');
  return {
    set(reply: FastifyReply, idToken: string | undefined): void {
      const isKept = idToken !== undefined && idToken.length <= 3_500;
      if (idToken !== undefined && !isKept) return;
      reply.header(
        'set-cookie',
        fastifyCookie.serialize(name(), idToken ?? '', {
          ...{ path: signOutPath, httpOnly: true, secure: isSecure(), sameSite: 'strict' },
          ...(isKept ? {} : { maxAge: 0 }),
        }),
      );
    },
    read(header: string | undefined): string | undefined {
      return (header === undefined ? undefined : fastifyCookie.parse(header)[name()]) || undefined;
    },
  };
}

/** Lax: it has to come along when the provider sends the browser back. */
function flowCookie(publicUrl: () => string) {
  const isSecure = (): boolean => publicUrl().startsWith('https:');
  const name = (): string => (isSecure() ? '__Secure-earshot_sign_in' : 'earshot_sign_in');
  const attributes = () =>
    ({ path: singleSignOnPath, httpOnly: true, secure: isSecure(), sameSite: 'lax' }) as const;
  const write = (reply: FastifyReply, value: string, maxAge: number): void => {
    reply.header('set-cookie', fastifyCookie.serialize(name(), value, { ...attributes(), maxAge }));
  };

  return {
    set(reply: FastifyReply, flow: SignInFlow): void {
      write(reply, Buffer.from(JSON.stringify(flow)).toString('base64url'), flowSeconds);
    },
    clear(reply: FastifyReply): void {
      write(reply, '', 0);
    },
    read(header: string | undefined): SignInFlow | undefined {
      const value = header === undefined ? undefined : fastifyCookie.parse(header)[name()];
      try {
        const flow = JSON.parse(Buffer.from(value ?? '', 'base64url').toString()) as Partial<SignInFlow>;
        const { state, nonce, verifier } = flow;
        const isWhole = [state, nonce, verifier].every((part) => typeof part === 'string' && part !== '');
        return isWhole ? (flow as SignInFlow) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
