import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Auditor, nobodyActor } from '../../access/auditor.js';
import { type OpenedSession, type SessionService, hashOfToken } from '../../access/session-service.js';
import type { SignInVerdict } from '../../access/sign-in-service.js';
import { parametersOf } from '../../contract/page.js';
import { SessionState, SignIn } from '../../contract/session.js';
import { AppError } from '../../domain/errors.js';
import type { Account } from '../../store/accounts.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { SignInArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { demandOwnPage, toActor } from '../authentication.js';
import { toSessionStateJson } from '../session-json.js';

/** Where a browser goes to sign in elsewhere. */
export const singleSignOnPath = '/sign-in/sso';

const tags = ['session'];

export function addSessionRoutes(api: Api, deps: SignInArea): void {
  const { sessionService, signInService, sessionCookie, publicUrl } = deps;
  const describe = describeSessions(deps);

  api.get(
    '/api/v1/session',
    {
      config: { right: 'open', unrecorded: true },
      schema: {
        tags,
        security: [],
        summary: 'Who is signed in with this browser; no key',
        querystring: parametersOf({}),
        response: answers(200, SessionState),
      },
    },
    async ({ headers }): Promise<SessionState> => {
      const token = sessionCookie.read(headers.cookie);
      return describe(token === undefined ? undefined : await sessionService.find(token));
    },
  );

  api.post(
    '/api/v1/session',
    {
      config: { right: 'open', audit: 'session.opened', documentedBody: SignIn },
      schema: {
        tags,
        security: [],
        summary: 'Sign in with a name and a password',
        description:
          'The answer sets the cookie of the session. After failures the next attempts wait: 429. An account with a second factor is asked for a `code` once the password is right (401 `code-required`).',
        querystring: parametersOf({}),
        response: answers(200, SessionState),
      },
    },
    async (request, reply): Promise<SessionState> => {
      demandOwnPage(request, publicUrl());
      const body = readJsonObject(sentBody(request));
      const { name, password, code } = checkShape(SignIn, body, 'body-invalid');
      const verdict = await signInService.judge({ name: name.trim(), password, code, address: request.ip });
      if (verdict.kind !== 'ok') throw await refuse(verdict, request, reply, deps.auditor);
      const opened = await openSession(verdict.account, request, reply, deps);
      request.noteForAudit({ detail: { by: verdict.by } });
      return describe(opened);
    },
  );

  api.delete(
    '/api/v1/session',
    {
      config: { right: 'any', audit: 'session.closed' },
      schema: {
        tags,
        summary: 'Sign out',
        querystring: parametersOf({}),
        response: otherAnswers({ 204: Type.Null({ description: 'The session has ended.' }) }),
      },
    },
    async (request, reply) => {
      const { session } = demandSession(request);
      await deps.sessions.close(session.hash);
      sessionCookie.clear(reply);
      return reply.code(204).send();
    },
  );
}

/** What an answer tells of the server beside the session. Once there is an administrator there always is one. */
export function describeSessions({
  setup,
  version,
  singleSignOn,
  passkeyService,
}: Pick<SignInArea, 'setup' | 'version' | 'singleSignOn' | 'passkeyService'>) {
  let isSetUp = false;
  return async (opened: OpenedSession | undefined): Promise<SessionState> => {
    isSetUp ||= opened?.account.role === 'administrator' || !(await setup.isNeeded());
    const button = singleSignOn && { name: singleSignOn.name, path: singleSignOnPath };
    const hasPasskeys = passkeyService.whyNone() === undefined;
    const server = { setupNeeded: !isSetUp, version, hasPasskeys, singleSignOn: button };
    return toSessionStateJson(server, opened);
  };
}

/** Opens a session, ends the one that this browser had, and makes its owner the one who asks. `shownAt`: when they showed who they are, if not now. */
export async function openSession(
  account: Parameters<SessionService['open']>[0],
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Pick<SignInArea, 'sessionService' | 'sessions' | 'sessionCookie'>,
  shownAt?: number,
): Promise<OpenedSession> {
  const { sessionService, sessions, sessionCookie } = deps;
  const before = sessionCookie.read(request.headers.cookie);
  if (before !== undefined) await sessions.close(hashOfToken(before));
  const opened = await sessionService.open(account, {
    address: request.ip,
    userAgent: request.headers['user-agent'],
    shownAt,
  });
  sessionCookie.set(reply, opened.token);
  request.actor = toActor(account);
  request.noteForAudit({ subject: { kind: 'account', id: account.id } });
  return opened;
}

/** Throws `account-required`: keys have no session. */
export function demandSession(request: FastifyRequest): OpenedSession {
  if (request.session) return request.session;
  throw new AppError('account-required', 'A key has no session; this is for people who are signed in.');
}

const whys = {
  wrong: 'wrong password',
  disabled: 'disabled',
  'code-wrong': 'wrong code',
  'passkey-wrong': 'wrong passkey',
} as const;

/** Nobody's, or could not be verified. */
interface WrongPasskey {
  readonly kind: 'passkey-wrong';
  readonly account?: Account;
}

/** What somebody is told whom a sign-in has not let in; the audit log is, too. */
export async function refuse(
  verdict: Exclude<SignInVerdict, { kind: 'ok' }> | WrongPasskey,
  request: FastifyRequest,
  reply: FastifyReply,
  auditor: Pick<Auditor, 'record'>,
): Promise<AppError> {
  if (verdict.kind === 'wait') {
    const seconds = Math.ceil(verdict.waitMs / 1000);
    reply.header('retry-after', seconds);
    return new AppError(
      'sign-in-throttled',
      `There were too many failures. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    );
  }
  const { account, kind } = verdict;
  if (kind === 'code-needed') {
    return new AppError('code-required', 'The password is right; this account is asked for a code as well.');
  }
  await auditor.record({
    actor: nobodyActor,
    action: 'session.refused',
    ...(account ? { subject: { kind: 'account', id: account.id } } : {}),
    // An unknown name is not kept: a password may have been typed there.
    detail: { why: account || kind === 'passkey-wrong' ? whys[kind] : 'unknown name' },
    address: request.ip,
  });
  if (kind === 'passkey-wrong') {
    return new AppError('passkey-refused', 'It is not known here, or what it said could not be verified.');
  }
  if (kind === 'code-wrong') {
    return new AppError('code-wrong', 'It is not the code of this moment, or was used already.');
  }
  return kind === 'disabled'
    ? new AppError('account-disabled', 'This account is disabled.')
    : new AppError('sign-in-refused', 'The name or the password is not right.');
}
