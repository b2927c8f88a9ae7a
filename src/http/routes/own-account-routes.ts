import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { hashNewPassword } from '../../access/passwords.js';
import type { PasskeyService } from '../../access/passkey-service.js';
import { publicSessionId } from '../../access/session-service.js';
import type { SignInService } from '../../access/sign-in-service.js';
import { parametersOf } from '../../contract/page.js';
import type { PasskeyAnswer } from '../../contract/passkeys.js';
import { OpenSessions, PasswordChange, SessionProof, SessionState } from '../../contract/session.js';
import { AppError } from '../../domain/errors.js';
import type { Account } from '../../store/accounts.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { PeopleArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { toOpenSessionJson } from '../session-json.js';
import { demandSession, describeSessions } from './session-routes.js';

const tags = ['session'];

/** What everybody who is signed in does for themselves. */
export function addOwnAccountRoutes(api: Api, deps: PeopleArea): void {
  addPasswordChange(api, deps);
  addProof(api, deps);
  addOwnSessions(api, deps);
}

function addPasswordChange(api: Api, { accounts, sessions, signInService }: PeopleArea): void {
  api.post(
    '/api/v1/session/password',
    {
      config: { right: 'any', audit: 'account.changed', documentedBody: PasswordChange },
      schema: {
        tags,
        summary: "Change one's own password; all other sessions of the account end",
        querystring: parametersOf({}),
        response: otherAnswers({ 204: Type.Null({ description: 'It is changed.' }) }),
      },
    },
    async (request, reply) => {
      const { account, session } = demandSession(request);
      const body = readJsonObject(sentBody(request));
      const { current, password } = checkShape(PasswordChange, body, 'body-invalid');
      await demandPassword(current, request, reply, signInService);
      await accounts.change(account.id, { passwordHash: await hashNewPassword(password, account) });
      await sessions.closeOf(account.id, session.hash);
      request.noteForAudit({
        subject: { kind: 'account', id: account.id },
        detail: { changed: ['password'], by: 'its owner' },
      });
      return reply.code(204).send();
    },
  );
}

function addProof(api: Api, deps: PeopleArea): void {
  const describe = describeSessions(deps);
  api.post(
    '/api/v1/session/proof',
    {
      config: { right: 'any', audit: 'session.proven', documentedBody: SessionProof },
      schema: {
        tags,
        summary:
          'Give the password or a passkey again, for 15 minutes of changes to people, keys and sources',
        description:
          'After failures the next attempts wait: 429. An account without a password signs in elsewhere again instead.',
        querystring: parametersOf({}),
        response: answers(200, SessionState),
      },
    },
    async (request, reply): Promise<SessionState> => {
      const opened = demandSession(request);
      const proof = checkShape(SessionProof, readJsonObject(sentBody(request)), 'body-invalid');
      if (proof.passkey) await demandPasskey(proof.passkey, opened.account, deps.passkeyService);
      else await demandPassword(proof.password ?? '', request, reply, deps.signInService);
      request.noteForAudit({
        subject: { kind: 'account', id: opened.account.id },
        detail: { by: proof.passkey ? 'passkey' : 'password' },
      });
      return describe(await deps.sessionService.prove(opened));
    },
  );
}

/** Throws `password-wrong` or `sign-in-throttled`: a session that was left open is no place to guess at a password. */
async function demandPassword(
  password: string,
  request: FastifyRequest,
  reply: FastifyReply,
  signInService: Pick<SignInService, 'judge'>,
): Promise<void> {
  const { name } = demandSession(request).account;
  const verdict = await signInService.judge({ name, password, address: request.ip, isSignedIn: true });
  if (verdict.kind === 'wait') {
    reply.header('retry-after', Math.ceil(verdict.waitMs / 1000));
    throw new AppError('sign-in-throttled', 'There were too many failures. Try again in a moment.');
  }
  if (verdict.kind !== 'ok') throw new AppError('password-wrong', 'The password is not right.');
}

/** Throws `passkey-refused`: also where it is somebody else's. */
async function demandPasskey(
  passkey: PasskeyAnswer,
  { id }: Account,
  passkeyService: Pick<PasskeyService, 'judge'>,
): Promise<void> {
  const verdict = await passkeyService.judge(passkey);
  if (verdict.kind === 'ok' && verdict.account.id === id) return;
  throw new AppError('passkey-refused', 'It is not one of yours, or what it said could not be verified.');
}

function addOwnSessions(api: Api, { sessions, clock }: PeopleArea): void {
  api.get(
    '/api/v1/sessions',
    {
      config: { right: 'any' },
      schema: {
        tags,
        summary: 'Where one is signed in, newest first',
        querystring: parametersOf({}),
        response: answers(200, OpenSessions),
      },
    },
    async (request): Promise<OpenSessions> => {
      const { account, session } = demandSession(request);
      const own = await sessions.listOf(account.id, clock());
      return { items: own.map((listed) => toOpenSessionJson(listed, session.hash)) };
    },
  );

  api.delete(
    '/api/v1/sessions/:id',
    {
      config: { right: 'any', audit: 'session.closed' },
      schema: {
        tags,
        summary: "End one of one's own sessions",
        params: Type.Object({ id: Type.String() }),
        querystring: parametersOf({}),
        response: otherAnswers({ 204: Type.Null({ description: 'It has ended.' }) }),
      },
    },
    async (request, reply) => {
      const { account } = demandSession(request);
      const own = await sessions.listOf(account.id, clock());
      const found = own.find(({ hash }) => publicSessionId(hash) === request.params.id);
      if (!found) throw new AppError('session-unknown', 'No session of yours has this id.');
      await sessions.close(found.hash);
      request.noteForAudit({ subject: { kind: 'account', id: account.id } });
      return reply.code(204).send();
    },
  );
}
