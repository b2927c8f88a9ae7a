import { Type } from 'typebox';
import { createSecondFactor, newSecret } from '../../access/second-factor.js';
import { parametersOf } from '../../contract/page.js';
import {
  NewSecondFactor,
  RecoveryCodes,
  SecondFactorChoice,
  SecondFactorState,
} from '../../contract/second-factor.js';
import { AppError } from '../../domain/errors.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { PeopleArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { demandSession } from './session-routes.js';

const ownPath = '/api/v1/session/second-factor';
const shared = { tags: ['session'], querystring: parametersOf({}) };

/** Codes of an authenticator app, beside the password of a local account. */
export function addSecondFactorRoutes(api: Api, deps: PeopleArea): void {
  addLooks(api, deps);
  addChanges(api, deps);
  addRemoval(api, deps);
}

function addLooks(api: Api, { secondFactors }: PeopleArea): void {
  api.get(
    ownPath,
    {
      config: { right: 'any' },
      schema: {
        ...shared,
        summary: 'Whether signing in asks for a code',
        response: answers(200, SecondFactorState),
      },
    },
    async (request): Promise<SecondFactorState> => {
      const factor = await secondFactors.find(demandSession(request).account.id);
      return { isOn: factor !== undefined, recoveryCodesLeft: factor?.recoveryHashes.length ?? 0 };
    },
  );

  api.post(
    ownPath,
    {
      config: { right: 'any', proof: true },
      schema: {
        ...shared,
        summary: 'Make a secret for an authenticator app; it is kept nowhere until it is turned on',
        response: answers(200, NewSecondFactor),
      },
    },
    (request): NewSecondFactor => {
      demandLocal(demandSession(request).account);
      return { secret: newSecret() };
    },
  );
}

function addChanges(api: Api, { secondFactors, sessions, clock }: PeopleArea): void {
  api.put(
    ownPath,
    {
      config: { right: 'any', proof: true, audit: 'account.changed', documentedBody: SecondFactorChoice },
      schema: {
        ...shared,
        summary: 'Ask for a code at each sign-in, in the place of what was asked for before',
        description: 'All other sessions of the account end.',
        response: answers(200, RecoveryCodes),
      },
    },
    async (request): Promise<RecoveryCodes> => {
      const { account, session } = demandSession(request);
      demandLocal(account);
      const body = checkShape(SecondFactorChoice, readJsonObject(sentBody(request)), 'body-invalid');
      const made = createSecondFactor(body.secret, body.code, clock());
      if (!made) throw new AppError('code-wrong', 'It is not the code of this secret and this moment.');
      await secondFactors.set(account.id, made.factor);
      await sessions.closeOf(account.id, session.hash);
      request.noteForAudit({
        subject: { kind: 'account', id: account.id },
        detail: { secondFactor: 'on', by: 'its owner' },
      });
      return { recoveryCodes: made.recoveryCodes };
    },
  );

  api.delete(
    ownPath,
    {
      config: { right: 'any', proof: true, audit: 'account.changed' },
      schema: {
        ...shared,
        summary: 'Ask for no code any more',
        response: otherAnswers({ 204: Type.Null({ description: 'The password is enough.' }) }),
      },
    },
    async (request, reply) => {
      const { id } = demandSession(request).account;
      await secondFactors.set(id, undefined);
      request.noteForAudit({
        subject: { kind: 'account', id },
        detail: { secondFactor: 'off', by: 'its owner' },
      });
      return reply.code(204).send();
    },
  );
}

function addRemoval(api: Api, { secondFactors, passkeys }: PeopleArea): void {
  api.delete(
    '/api/v1/people/:id/second-factor',
    {
      config: { right: 'administer', proof: true, audit: 'account.changed' },
      schema: {
        ...shared,
        tags: ['people'],
        params: Type.Object({ id: Type.String() }),
        summary: 'Take the second factor and all passkeys from somebody who has lost them',
        response: otherAnswers({ 204: Type.Null({ description: 'The password is enough, and needed.' }) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await secondFactors.set(id, undefined))) {
        throw new AppError('person-unknown', 'No account has this id.');
      }
      const removed = await passkeys.removeOf(id);
      request.noteForAudit({
        subject: { kind: 'account', id },
        detail: { secondFactor: 'off', ...(removed > 0 ? { passkeys: removed } : {}) },
      });
      return reply.code(204).send();
    },
  );
}

/** Where people sign in elsewhere, that place asks for what it wants. */
export function demandLocal({ hasPassword }: { readonly hasPassword: boolean }): void {
  if (hasPassword) return;
  throw new AppError(
    'password-missing',
    'This account signs in elsewhere; what else is asked for is set there.',
  );
}
