import { Type, type Static } from 'typebox';
import { endpointStates } from '../domain/endpoint.js';
import { AttemptResult, RequestHead } from './deliveries.js';
import { endpointSettings, optionalSettings } from './endpoint-settings.js';
import { Instant } from './instant.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';

const endpoint = {
  id: Type.String(),
  ...endpointSettings,
  ratePerSecond: Type.Optional(optionalSettings.ratePerSecond),
  auth: Type.Optional(
    Type.Object(
      { type: Type.String(), username: Type.Optional(Type.String()) },
      { description: 'Without its secret.' },
    ),
  ),
  start: Type.String({ description: '`now`, `beginning` or an instant: where it began to read.' }),
  state: Type.Enum(endpointStates, {
    type: 'string',
    description: '`failing`: it failed several times in a row; one push at a time asks whether it is back.',
  }),
  failuresInARow: Type.Integer({ description: 'Attempts that failed since the last that did not.' }),
  probeAt: Type.Optional(Instant('While `failing`: when the next push may ask whether it is back.')),
  cursor: Type.Integer({ description: 'Entries of the journal up to this `seq` have been looked at.' }),
  lag: Type.Integer({ description: 'Entries that it has still to look at.' }),
  createdAt: Instant('When it was created.'),
};

export const Endpoint = Type.Object(endpoint, { title: 'Endpoint', description: 'Where Earshot pushes to.' });
export type Endpoint = Static<typeof Endpoint>;

export const EndpointDetail = Type.Object(
  {
    ...endpoint,
    secrets: Type.Array(Type.String(), {
      description: 'Signing secrets (Standard Webhooks, `whsec_…`) that are valid now, newest first.',
    }),
    secretExpiresAt: Type.Optional(Instant('After a rotation: when the older secrets stop being valid.')),
    deliveries: Type.Object({
      pending: Type.Integer(),
      delivered: Type.Integer(),
      dead: Type.Integer({
        description: 'Those that nobody replayed or acknowledged; counted up to 100,000.',
      }),
      nextAttemptAt: Type.Optional(Instant('Of the pending ones.')),
    }),
  },
  { title: 'EndpointDetail', description: 'One endpoint with its secrets and how its deliveries stand.' },
);
export type EndpointDetail = Static<typeof EndpointDetail>;

export const EndpointParameters = parametersOf(pageParameters);
export type EndpointParameters = Static<typeof EndpointParameters>;

export const EndpointPage = Type.Object(
  { items: Type.Array(Endpoint), nextCursor: NextCursor },
  { title: 'EndpointPage', description: 'Oldest first; all of them unless `limit` says otherwise.' },
);
export type EndpointPage = Static<typeof EndpointPage>;

export const SecretRotation = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 31_536_000,
        default: 86_400,
        description: 'How long pushes are signed with the older secrets, too.',
      }),
    ),
  },
  { title: 'SecretRotation', additionalProperties: false },
);
export type SecretRotation = Static<typeof SecretRotation>;

export const EndpointTest = Type.Object(
  {
    ...AttemptResult.properties,
    request: Type.Object({ ...RequestHead.properties, body: Type.String({ description: 'What was sent.' }) }),
  },
  {
    title: 'EndpointTest',
    description:
      "What came of the specification's sample, sent once as a push would be; nothing of it is kept.",
  },
);
export type EndpointTest = Static<typeof EndpointTest>;
