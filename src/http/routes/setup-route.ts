import { hashNewPassword } from '../../access/passwords.js';
import { hashOfToken } from '../../access/session-service.js';
import { parametersOf } from '../../contract/page.js';
import { FirstAccount, SessionState } from '../../contract/session.js';
import { AppError } from '../../domain/errors.js';
import type { Account } from '../../store/accounts.js';
import { answers, type Api } from '../api.js';
import type { SignInArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { known } from '../json-values.js';
import { demandOwnPage } from '../authentication.js';
import { describeSessions, openSession } from './session-routes.js';

/** The first account, by a set-up link: it can be used until there is one, and for a day. */
export function addSetupRoute(api: Api, deps: SignInArea): void {
  const describe = describeSessions(deps);

  api.post(
    '/api/v1/setup',
    {
      config: { right: 'open', audit: 'session.opened', documentedBody: FirstAccount },
      schema: {
        tags: ['session'],
        security: [],
        summary: 'Create the first administrator and sign in, by the token of a set-up link',
        querystring: parametersOf({}),
        response: answers(201, SessionState),
      },
    },
    async (request, reply): Promise<SessionState> => {
      demandOwnPage(request, deps.publicUrl());
      const body = checkShape(FirstAccount, readJsonObject(sentBody(request)), 'body-invalid');
      const account = await createFirst(body, deps);
      const opened = await openSession(account, request, reply, deps);
      await deps.auditor.record({
        actor: request.actor,
        action: 'account.created',
        subject: { kind: 'account', id: account.id },
        detail: { name: account.name, role: account.role, by: 'the set-up link' },
        address: request.ip,
      });
      request.noteForAudit({ detail: { by: 'the set-up link' } });
      reply.code(201);
      return describe(opened);
    },
  );
}

async function createFirst(
  { token, name, displayName, password }: FirstAccount,
  { setup, newId, clock }: SignInArea,
): Promise<Account> {
  const tokenHash = hashOfToken(token);
  // Before anything is hashed: that costs, and is for those alone who have the link. Tokens go with the first
  // account, so whether there is one is asked after the token, and not before somebody else was faster.
  if (!(await setup.isToken(tokenHash, clock())))
    throw (await setup.isNeeded()) ? unknownToken() : doneAlready();
  const passwordHash = await hashNewPassword(password, { name, displayName });
  const account = { id: newId(), name, displayName, role: 'administrator' as const, passwordHash };
  const created = await setup.createFirst(tokenHash, known({ ...account, now: clock() }));
  if (created === 'done-already') throw doneAlready();
  if (created === 'token-unknown') throw unknownToken();
  if (created === 'name-taken') throw new AppError('name-taken', 'Another account has this name.');
  return created;
}

function doneAlready(): AppError {
  return new AppError('setup-done', 'There is an administrator already; set-up links hold no more.');
}

function unknownToken(): AppError {
  return new AppError(
    'setup-token-unknown',
    'No set-up link of this Earshot has this token, or it is older than a day.',
  );
}
