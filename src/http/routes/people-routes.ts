import { Type } from 'typebox';
import { hashNewPassword } from '../../access/passwords.js';
import { publicSessionId } from '../../access/session-service.js';
import { parametersOf } from '../../contract/page.js';
import { OpenSessions, Person, PersonChange, PersonCreation, PersonList } from '../../contract/session.js';
import { AppError } from '../../domain/errors.js';
import type { Account, AccountChange, AccountRefusal } from '../../store/accounts.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { PeopleArea } from '../areas.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { toOpenSessionJson, toPersonJson } from '../session-json.js';

const tags = ['people'];
const schemaOfOne = { tags, params: Type.Object({ id: Type.String() }), querystring: parametersOf({}) };

export function addPeopleRoutes(api: Api, deps: PeopleArea): void {
  addListAndCreation(api, deps);
  addChangeAndRemoval(api, deps);
  addTheirSessions(api, deps);
  addEndOfSessions(api, deps);
}

function addListAndCreation(api: Api, { accounts, newId, clock }: PeopleArea): void {
  api.get(
    '/api/v1/people',
    {
      config: { right: 'administer' },
      schema: {
        tags,
        summary: 'List accounts, the oldest first',
        querystring: parametersOf({}),
        response: answers(200, PersonList),
      },
    },
    async (): Promise<PersonList> => ({ items: (await accounts.list()).map(toPersonJson) }),
  );

  api.post(
    '/api/v1/people',
    {
      config: { right: 'administer', proof: true, audit: 'account.created', documentedBody: PersonCreation },
      schema: {
        tags,
        summary: 'Create an account with a password',
        querystring: parametersOf({}),
        response: answers(201, Person),
      },
    },
    async (request, reply): Promise<Person> => {
      const body = checkShape(PersonCreation, readJsonObject(sentBody(request)), 'body-invalid');
      const { password, ...person } = body;
      const passwordHash = await hashNewPassword(password, person);
      const created = await accounts.create({ id: newId(), ...person, passwordHash, now: clock() });
      if (created === 'name-taken') throw refuse('name-taken');
      request.noteForAudit({ subject: { kind: 'account', id: created.id }, detail: { ...person } });
      reply.code(201).header('location', `/api/v1/people/${encodeURIComponent(created.id)}`);
      return toPersonJson(created);
    },
  );
}

function addChangeAndRemoval(api: Api, { accounts, sessions }: PeopleArea): void {
  api.patch(
    '/api/v1/people/:id',
    {
      config: { right: 'administer', proof: true, audit: 'account.changed', documentedBody: PersonChange },
      schema: {
        ...schemaOfOne,
        summary: 'Change what is named',
        description:
          'It applies to the next request already. A new password, and being disabled, end all sessions of the account but the one that asks.',
        response: answers(200, Person),
      },
    },
    async (request): Promise<Person> => {
      const { id } = request.params;
      const body = checkShape(PersonChange, readJsonObject(sentBody(request)), 'body-invalid');
      const changed = toAccount(await accounts.change(id, await toChange(body, await accounts.get(id))));
      if (body.password !== undefined || body.isDisabled === true) {
        await sessions.closeOf(id, request.session?.session.hash);
      }
      const { password, ...told } = body;
      const detail = password === undefined ? told : { ...told, password: 'changed' };
      request.noteForAudit({ subject: { kind: 'account', id }, detail });
      return toPersonJson(changed);
    },
  );

  api.delete(
    '/api/v1/people/:id',
    {
      config: { right: 'administer', proof: true, audit: 'account.removed' },
      schema: {
        ...schemaOfOne,
        summary: 'Remove an account; what it did stays in the audit log',
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone, and its sessions with it.' }) }),
      },
    },
    async (request, reply) => {
      const answer = await accounts.remove(request.params.id);
      if (answer !== 'removed') throw refuse(answer);
      return reply.code(204).send();
    },
  );
}

function addTheirSessions(api: Api, { accounts, sessions, clock }: PeopleArea): void {
  const listOf = async (id: string) => {
    if (!(await accounts.get(id))) throw refuse('unknown');
    return sessions.listOf(id, clock());
  };

  api.get(
    '/api/v1/people/:id/sessions',
    {
      config: { right: 'administer' },
      schema: {
        ...schemaOfOne,
        summary: 'Where somebody is signed in, newest first',
        response: answers(200, OpenSessions),
      },
    },
    async ({ params, session }): Promise<OpenSessions> => ({
      items: (await listOf(params.id)).map((listed) => toOpenSessionJson(listed, session?.session.hash)),
    }),
  );

  api.delete(
    '/api/v1/people/:id/sessions/:sessionId',
    {
      config: { right: 'administer', proof: true, audit: 'session.closed' },
      schema: {
        ...schemaOfOne,
        params: Type.Object({ id: Type.String(), sessionId: Type.String() }),
        summary: "End one of somebody's sessions",
        response: otherAnswers({ 204: Type.Null({ description: 'It has ended.' }) }),
      },
    },
    async (request, reply) => {
      const { id, sessionId } = request.params;
      const found = (await listOf(id)).find(({ hash }) => publicSessionId(hash) === sessionId);
      if (!found) throw new AppError('session-unknown', 'No session of this account has this id.');
      await sessions.close(found.hash);
      request.noteForAudit({ subject: { kind: 'account', id }, detail: { sessions: 1 } });
      return reply.code(204).send();
    },
  );
}

function addEndOfSessions(api: Api, { accounts, sessions }: PeopleArea): void {
  api.delete(
    '/api/v1/people/:id/sessions',
    {
      config: { right: 'administer', proof: true, audit: 'session.closed' },
      schema: {
        ...schemaOfOne,
        summary: 'End all sessions of an account, but the one that asks',
        response: otherAnswers({ 204: Type.Null({ description: 'Its owner has to sign in again.' }) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await accounts.get(id))) throw refuse('unknown');
      const ended = await sessions.closeOf(id, request.session?.session.hash);
      request.noteForAudit({ subject: { kind: 'account', id }, detail: { sessions: ended } });
      return reply.code(204).send();
    },
  );
}

/** null says: as the role has it, or none. */
async function toChange(body: PersonChange, before: Account | undefined): Promise<AccountChange> {
  const { password, ...change } = body;
  const forgotten = Object.entries(change).map(([name, value]) => [name, value === null ? undefined : value]);
  const changed = Object.fromEntries(forgotten) as AccountChange;
  if (password === undefined || !before) return changed;
  return { ...changed, passwordHash: await hashNewPassword(password, { ...before, ...changed }) };
}

function toAccount(answer: Account | AccountRefusal): Account {
  if (typeof answer === 'string') throw refuse(answer);
  return answer;
}

function refuse(why: AccountRefusal): AppError {
  switch (why) {
    case 'name-taken':
      return new AppError('name-taken', 'Another account has this name.');
    case 'last-administrator':
      return new AppError('last-administrator', 'Nobody could administer any more.');
    case 'unknown':
      return new AppError('person-unknown', 'No account has this id.');
  }
}
