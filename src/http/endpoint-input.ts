import { type EndpointAuth, EndpointChange, EndpointCreation } from '../contract/endpoint-settings.js';
import { endpointDefaults, type EndpointSettings, type EndpointStart } from '../domain/endpoint.js';
import type * as domain from '../domain/endpoint.js';
import { refuseSecretsOfAnother, refuseUnusable } from '../domain/endpoint-rules.js';
import { AppError } from '../domain/errors.js';
import { known, parseInstant } from './json-values.js';
import { checkShape } from './request-body.js';

type Body = Readonly<Record<string, unknown>>;

/** A new endpoint's settings, defaults filled in, and where it begins. Throws `endpoint-invalid`. */
export function readCreation(body: Body, now: number): { settings: EndpointSettings; start: EndpointStart } {
  const creation = checkShape(EndpointCreation, withoutNulls(body, EndpointCreation), 'endpoint-invalid');
  const { start, name, auth, url, ...rest } = creation;
  const settings = finish(
    known({ ...endpointDefaults, ...rest, url, name: name ?? hostOf(url), auth: auth && toAuth(auth) }),
  );
  return { settings, start: readStart(start, now) };
}

/** The settings after a change (RFC 7396): members that are named, null for the default again. Throws `endpoint-invalid`. */
export function readChange(body: Body, before: EndpointSettings): EndpointSettings {
  refuseReadOnly(body);
  const change = checkShape(EndpointChange, withoutNulls(body, EndpointChange), 'endpoint-invalid');
  if (body['url'] === null) throw new AppError('endpoint-invalid', '`url` must not be null.');
  const { auth, ...rest } = change;
  const removed = Object.keys(body).filter((name) => body[name] === null);
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !removed.includes(name)));
  const merged = {
    ...endpointDefaults,
    ...(kept as Omit<EndpointSettings, 'name'> & { name?: string }),
    ...rest,
    ...(auth && { auth: toAuth(auth) }),
  };
  const after = finish(known({ ...merged, name: merged.name ?? hostOf(merged.url) }));
  refuseSecretsOfAnother(before, after, (member) => member in body);
  return after;
}

/** A null means the default. One of a member that does not exist stays, to be refused like any other. */
function withoutNulls(body: Body, { properties }: { readonly properties: object }): Body {
  const isLeftOut = ([name, value]: [string, unknown]) => value === null && Object.hasOwn(properties, name);
  return Object.fromEntries(Object.entries(body).filter((member) => !isLeftOut(member)));
}

/** What people try to set, because they see it, and how it is done. */
const readOnly: Readonly<Record<string, string>> = {
  state: 'is no setting: POST to …/pause or …/resume',
  start: 'can be said when an endpoint is created, not later: POST to …/replay for what came before',
  secrets: 'are made by Earshot: POST to …/rotate-secret for a new one',
  cursor: 'is no setting: POST to …/replay to send something again',
};

function refuseReadOnly(body: Body): void {
  for (const [name, sentence] of Object.entries(readOnly)) {
    if (name in body) throw new AppError('endpoint-invalid', `\`${name}\` ${sentence}.`);
  }
}

function finish(settings: EndpointSettings): EndpointSettings {
  refuseUnusable(settings);
  return settings;
}

/** What cannot be read is refused later, with a sentence about it. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function toAuth({ type, username, password, token }: EndpointAuth): domain.EndpointAuth {
  switch (type) {
    case 'basic':
      if (username === undefined || password === undefined || token !== undefined) {
        throw new AppError('endpoint-invalid', '`auth` of type basic holds `username` and `password`.');
      }
      return { kind: 'basic', user: username, password };
    case 'bearer':
      if (token === undefined || username !== undefined || password !== undefined) {
        throw new AppError('endpoint-invalid', '`auth` of type bearer holds `token`.');
      }
      return { kind: 'bearer', token };
  }
}

/** A clock that is ahead of ours by less than this means now. */
const clockToleranceMs = 60_000;

function readStart(start: string | undefined, now: number): EndpointStart {
  if (start === undefined || start === 'now' || start === 'beginning') return start ?? 'now';
  const at = readInstant(start);
  if (at <= now) return { at };
  if (at <= now + clockToleranceMs) return 'now';
  throw new AppError('endpoint-invalid', '`start` lies in the future: an endpoint begins now at the latest.');
}

function readInstant(start: string): number {
  try {
    return parseInstant('start', start);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const isTime = /^\d/.test(start);
    const hint = isTime ? error.message : '`start` must be now, beginning, or an ISO 8601 instant.';
    throw new AppError('endpoint-invalid', hint);
  }
}
