import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import {
  Passkey,
  PasskeyCreation,
  PasskeyList,
  PasskeyOptions,
  PasskeySignIn,
} from '../../contract/passkeys.js';
import { SessionState } from '../../contract/session.js';
import { AppError } from '../../domain/errors.js';
import type * as store from '../../store/accounts.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { SignInArea } from '../areas.js';
import { demandOwnPage } from '../authentication.js';
import { known, toInstant, toInstantWhereKnown } from '../json-values.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { demandLocal } from './second-factor-routes.js';
import { demandSession, describeSessions, openSession, refuse } from './session-routes.js';

const ownPath = '/api/v1/session/passkeys';
const shared = { tags: ['session'], querystring: parametersOf({}) };

/** Signing in without a password, by something that somebody has and that knows them. */
export function addPasskeyRoutes(api: Api, deps: SignInArea): void {
  addSignIn(api, deps);
  addOwn(api, deps);
  addRemoval(api, deps);
}

function addSignIn(api: Api, deps: SignInArea): void {
  const describe = describeSessions(deps);
  api.post(
    '/api/v1/session/passkey/options',
    {
      config: { right: 'open' },
      schema: {
        ...shared,
        security: [],
        summary: 'What a browser asks a passkey by, to sign in or to show again who is there',
        response: answers(200, PasskeyOptions),
      },
    },
    (): Promise<PasskeyOptions> => deps.passkeyService.toUse(),
  );

  api.post(
    '/api/v1/session/passkey',
    {
      config: { right: 'open', audit: 'session.opened', documentedBody: PasskeySignIn },
      schema: {
        ...shared,
        security: [],
        summary: 'Sign in with a passkey; neither a password nor a code is asked for',
        response: answers(200, SessionState),
      },
    },
    async (request, reply): Promise<SessionState> => {
      demandOwnPage(request, deps.publicUrl());
      const { passkey } = checkShape(PasskeySignIn, readJsonObject(sentBody(request)), 'body-invalid');
      const verdict = await deps.passkeyService.judge(passkey);
      if (verdict.kind !== 'ok') {
        const kind = verdict.kind === 'wrong' ? 'passkey-wrong' : verdict.kind;
        throw await refuse({ ...verdict, kind }, request, reply, deps.auditor);
      }
      const opened = await openSession(verdict.account, request, reply, deps);
      request.noteForAudit({ detail: { by: 'passkey' } });
      return describe(opened);
    },
  );
}

function addOwn(api: Api, { passkeyService, passkeys }: SignInArea): void {
  api.get(
    ownPath,
    {
      config: { right: 'any' },
      schema: { ...shared, summary: "List one's own passkeys", response: answers(200, PasskeyList) },
    },
    async (request): Promise<PasskeyList> => {
      const own = await passkeys.listOf(demandSession(request).account.id);
      return known({ items: own.map(toPasskeyJson), unavailable: passkeyService.whyNone() });
    },
  );

  api.post(
    `${ownPath}/options`,
    {
      config: { right: 'any', proof: true },
      schema: {
        ...shared,
        summary: 'What a browser makes a passkey by',
        response: answers(200, PasskeyOptions),
      },
    },
    (request): Promise<PasskeyOptions> => {
      const { account } = demandSession(request);
      demandLocal(account);
      return passkeyService.toMake(account);
    },
  );

  api.post(
    ownPath,
    {
      config: { right: 'any', proof: true, audit: 'account.changed', documentedBody: PasskeyCreation },
      schema: {
        ...shared,
        summary: 'Add a passkey that a browser has made',
        response: answers(201, Passkey),
      },
    },
    async (request, reply): Promise<Passkey> => {
      const { account } = demandSession(request);
      demandLocal(account);
      const body = checkShape(PasskeyCreation, readJsonObject(sentBody(request)), 'body-invalid');
      const added = await passkeyService.add(account, body.name, body.passkey);
      request.noteForAudit({
        subject: { kind: 'account', id: account.id },
        detail: { passkey: 'added', name: added.name, by: 'its owner' },
      });
      reply.code(201);
      return toPasskeyJson(added);
    },
  );
}

function addRemoval(api: Api, { passkeys }: SignInArea): void {
  api.delete(
    `${ownPath}/:id`,
    {
      config: { right: 'any', proof: true, audit: 'account.changed' },
      schema: {
        ...shared,
        params: Type.Object({ id: Type.String() }),
        summary: "Remove one of one's own passkeys: nobody signs in with it any more",
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async (request, reply) => {
      const { account } = demandSession(request);
      const { id } = request.params;
      const name = (await passkeys.listOf(account.id)).find((own) => own.id === id)?.name;
      if (!(await passkeys.remove(account.id, id))) {
        throw new AppError('passkey-unknown', 'No passkey of yours has this id.');
      }
      request.noteForAudit({
        subject: { kind: 'account', id: account.id },
        detail: { passkey: 'removed', name, by: 'its owner' },
      });
      return reply.code(204).send();
    },
  );
}

function toPasskeyJson({ id, name, createdAt, lastUsedAt }: store.Passkey): Passkey {
  return known({
    ...{ id, name, createdAt: toInstant(createdAt) },
    lastUsedAt: toInstantWhereKnown(lastUsedAt),
  });
}
