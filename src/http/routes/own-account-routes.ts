import { Type } from 'typebox';
import { hashNewPassword } from '../../access/new-password.js';
import { publicSessionId } from '../../access/session-token.js';
import type { SignInDesk } from '../../access/sign-in-desk.js';
import { parametersOf } from '../../contract/page.js';
import { OpenSessions, PasswordChange } from '../../contract/session.js';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../domain/errors.js';
import type { Accounts } from '../../store/accounts.js';
import type { Sessions } from '../../store/sessions.js';
import type { Api } from '../api.js';
import { checkShape, readJsonObject } from '../json-body.js';
import { sentBody } from '../sent-body.js';
import { toOpenSessionJson } from '../session-json.js';
import { answers, otherAnswers } from './answers.js';
import { demandSession } from './session-routes.js';

export interface OwnAccountRoutesDeps {
  readonly sessions: Pick<Sessions, 'listOf' | 'close' | 'closeOf'>;
  readonly accounts: Pick<Accounts, 'change'>;
  readonly signInDesk: Pick<SignInDesk, 'judge'>;
  readonly clock: Clock;
}

const tags = ['session'];

/** What everybody who is signed in does for themselves. */
export function addOwnAccountRoutes(api: Api, deps: OwnAccountRoutesDeps): void {
  addPasswordChange(api, deps);
  addOwnSessions(api, deps);
}

function addPasswordChange(api: Api, { accounts, sessions, signInDesk }: OwnAccountRoutesDeps): void {
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
      const attempt = { name: account.name, password: current, address: request.ip };
      const verdict = await signInDesk.judge(attempt);
      if (verdict.kind === 'wait') {
        reply.header('retry-after', Math.ceil(verdict.waitMs / 1000));
        throw new AppError('sign-in-throttled', 'There were too many failures. Try again in a moment.');
      }
      if (verdict.kind !== 'ok') throw new AppError('password-wrong', 'The current password is not right.');
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

function addOwnSessions(api: Api, { sessions, clock }: OwnAccountRoutesDeps): void {
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
