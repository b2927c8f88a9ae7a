import { Type, type Static } from 'typebox';
import { deliverWhens, endpointDefaults, endpointRecordFiles } from '../domain/endpoint.js';
import { messageTypes } from '../protocol/message.js';

const authTypes = ['basic', 'bearer'] as const;

export const EndpointFilter = Type.Object(
  {
    taskId: Type.Optional(Type.String({ minLength: 1 })),
    batchId: Type.Optional(Type.String({ minLength: 1 })),
    outIdPrefix: Type.Optional(Type.String({ minLength: 1, description: 'What an outId begins with.' })),
    minDurationSeconds: Type.Optional(
      Type.Number({ minimum: 0, description: 'A message that tells no duration does not fit.' }),
    ),
  },
  {
    additionalProperties: false,
    default: endpointDefaults.filter,
    description: 'Which messages it wants; all that is named must fit.',
  },
);
export type EndpointFilter = Static<typeof EndpointFilter>;

/** The settings that every endpoint has, each with its default. */
export const endpointSettings = {
  name: Type.String({ minLength: 1, maxLength: 200, description: 'For people; default: the host.' }),
  url: Type.String({
    minLength: 1,
    maxLength: 4096,
    description: 'http or https; no user, password or fragment; no forbidden address.',
  }),
  types: Type.Array(Type.Enum(messageTypes, { type: 'string' }), {
    minItems: 1,
    uniqueItems: true,
    default: endpointDefaults.types,
    description: 'Which messages it wants.',
  }),
  when: Type.Enum(deliverWhens, {
    type: 'string',
    default: endpointDefaults.when,
    description:
      '`received`: as soon as journaled; `archived`: call records wait until their recording is safe, or lost.',
  }),
  recordFile: Type.Enum(endpointRecordFiles, {
    type: 'string',
    default: endpointDefaults.recordFile,
    description: "`archived`: `recordFile` is Earshot's own signed link, minted anew for each push.",
  }),
  filter: EndpointFilter,
  batchSize: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: endpointDefaults.batchSize,
    description: 'Messages in one push at most.',
  }),
  lingerMs: Type.Integer({
    minimum: 0,
    maximum: 60_000,
    default: endpointDefaults.lingerMs,
    description: 'How long a message may wait for others to be pushed with.',
  }),
  timeoutMs: Type.Integer({
    minimum: 1,
    maximum: 60_000,
    default: endpointDefaults.timeoutMs,
    description: "From the start of an attempt to its answer's last byte.",
  }),
  concurrency: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: endpointDefaults.concurrency,
    description: 'Pushes under way at once; 1 keeps the order.',
  }),
  retrySchedule: Type.Array(Type.Number({ minimum: 0, maximum: 604_800 }), {
    maxItems: 100,
    default: endpointDefaults.retrySchedule,
    description: 'Seconds from each failure to the next attempt; empty: one attempt.',
  }),
  jitter: Type.Number({
    minimum: 0,
    maximum: 1,
    default: endpointDefaults.jitter,
    description: 'Share of a wait that chance may add to it.',
  }),
  retryAfter: Type.Boolean({
    default: endpointDefaults.retryAfter,
    description: 'Whether `Retry-After` of an answer may lengthen a wait.',
  }),
  halving: Type.Boolean({
    default: endpointDefaults.halving,
    description:
      'Whether a batch refused for its content (400, 413, 422) is halved until the cause is alone.',
  }),
  gzip: Type.Boolean({ default: endpointDefaults.gzip, description: 'Whether bodies are compressed.' }),
  headers: Type.Record(Type.String(), Type.String({ maxLength: 8192 }), {
    default: endpointDefaults.headers,
    description: 'Sent along with every push.',
  }),
};

/** Those that may be absent. */
export const optionalSettings = {
  ratePerSecond: Type.Number({
    minimum: 0.0001,
    description: 'Pushes begun per second at most, evenly spaced; absent: no bound.',
  }),
};

/** A secret: `password` and `token` are never answered. */
const EndpointAuth = Type.Object(
  {
    type: Type.Enum(authTypes, { type: 'string' }),
    username: Type.Optional(Type.String({ description: 'Of `basic`.' })),
    password: Type.Optional(Type.String({ description: 'Of `basic`; never answered.' })),
    token: Type.Optional(Type.String({ description: 'Of `bearer`; never answered.' })),
  },
  { additionalProperties: false, description: 'How each push proves who sends it.' },
);
export type EndpointAuth = Static<typeof EndpointAuth>;

const { url, ...settingsWithDefaults } = endpointSettings;
const changeable = { ...settingsWithDefaults, ...optionalSettings, auth: EndpointAuth };

export const EndpointChange = Type.Partial(Type.Object({ url, ...changeable }), {
  title: 'EndpointChange',
  description:
    'What is named changes; `filter`, `headers` and lists are replaced as wholes; null puts a member back to its default.',
  additionalProperties: false,
});
type Members = Static<typeof EndpointChange>;
/** `null` puts a member back to its default. */
export type EndpointChange = { [Name in keyof Members]: Members[Name] | null };

export const EndpointCreation = Type.Object(
  {
    url,
    ...Type.Partial(Type.Object(changeable)).properties,
    start: Type.Optional(
      Type.String({
        default: 'now',
        description: '`now`, `beginning`, or an ISO 8601 instant with an offset: where it begins to read.',
      }),
    ),
  },
  { title: 'EndpointCreation', description: 'Only `url` is required.', additionalProperties: false },
);
export type EndpointCreation = Static<typeof EndpointCreation>;
