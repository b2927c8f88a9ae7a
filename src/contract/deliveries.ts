import { Type, type Static } from 'typebox';
import { deliveryStates } from '../domain/delivery.js';
import { outcomes } from '../domain/outcome.js';
import { Acknowledgement } from './acknowledgements.js';
import { Instant } from './instant.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';

const StateOfDelivery = Type.Enum(deliveryStates, {
  type: 'string',
  description:
    '`pending`: on its way; `delivered`: acknowledged; `dead`: its schedule is exhausted, it waits for a replay, or for somebody to acknowledge it.',
});
const Headers = Type.Record(Type.String(), Type.String());

export const RequestHead = Type.Object(
  {
    method: Type.String(),
    url: Type.String({ description: 'Without its query.' }),
    headers: Headers,
    bytes: Type.Integer({ description: 'Of the body as sent.' }),
  },
  { description: 'Without authentication and signatures.' },
);

/** What came of one try, whether it is kept or was a test. */
export const AttemptResult = Type.Object({
  outcome: Type.Enum(outcomes, { type: 'string' }),
  reason: Type.String({ description: 'A word of docs/errors.md, “Delivery reasons”.' }),
  status: Type.Optional(Type.Integer({ description: 'HTTP status, where an answer came.' })),
  durationMs: Type.Number(),
  timings: Type.Object(
    {
      lookupMs: Type.Optional(Type.Number()),
      connectMs: Type.Optional(Type.Number()),
      tlsMs: Type.Optional(Type.Number()),
      headMs: Type.Optional(Type.Number()),
      bodyMs: Type.Optional(Type.Number()),
    },
    { description: 'By phase; what was not reached, or not needed on a kept connection, is absent.' },
  ),
  address: Type.Optional(Type.String({ description: 'Address connected to.' })),
  request: RequestHead,
  response: Type.Optional(
    Type.Object({
      headers: Headers,
      body: Type.String({ description: 'The first 4 KiB, as text.' }),
    }),
  ),
});

export const DeliveryAttempt = Type.Object(
  {
    at: Instant('When it began.'),
    ...AttemptResult.properties,
    probe: Type.Boolean({
      description: 'It only asked whether the endpoint is back and found nobody: it counts for nothing.',
    }),
  },
  { title: 'DeliveryAttempt', description: 'One try of a delivery.' },
);
export type DeliveryAttempt = Static<typeof DeliveryAttempt>;

const delivery = {
  id: Type.String(),
  endpointId: Type.String(),
  state: StateOfDelivery,
  webhookId: Type.String({ description: 'The same at every attempt: `webhook-id`.' }),
  count: Type.Integer({ description: 'Messages in it.' }),
  firstSeq: Type.Integer({ description: 'Smallest `seq` of them.' }),
  lastSeq: Type.Integer({ description: 'Largest.' }),
  attempts: Type.Integer({ description: 'Attempts that count in the schedule.' }),
  nextAttemptAt: Type.Optional(Instant('When it is tried next.')),
  reason: Type.Optional(
    Type.String({
      description:
        'Of the last attempt that did not succeed, or of the state; docs/errors.md, “Delivery reasons”.',
    }),
  ),
  createdAt: Instant('When it was cut.'),
  deliveredAt: Type.Optional(Instant('When it was acknowledged.')),
  halfOf: Type.Optional(Type.String({ description: 'The delivery that this one is half of.' })),
  replayOf: Type.Optional(Type.String({ description: 'The delivery that this one repeats.' })),
  replayedAs: Type.Optional(Type.String({ description: 'The latest delivery that repeats this one.' })),
  acknowledged: Type.Optional(Acknowledgement),
};

export const Delivery = Type.Object(delivery, {
  title: 'Delivery',
  description: 'One batch of messages on its way to one endpoint.',
});
export type Delivery = Static<typeof Delivery>;

export const DeliveryDetail = Type.Object(
  {
    ...delivery,
    seqs: Type.Array(Type.Integer(), {
      description: 'Of its messages, in the order in which they are pushed.',
    }),
    attemptLog: Type.Array(DeliveryAttempt, { description: 'Oldest first.' }),
  },
  { title: 'DeliveryDetail', description: 'One delivery with its attempts.' },
);
export type DeliveryDetail = Static<typeof DeliveryDetail>;

export const DeliveryParameters = parametersOf({
  endpointId: Type.Optional(Type.String()),
  state: Type.Optional(StateOfDelivery),
  seq: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Those that hold this message or event of the journal; halved ones, their halves and replays among them.',
    }),
  ),
  waiting: Type.Optional(
    Type.Literal('yes', {
      description:
        'Only dead ones that nobody replayed or acknowledged, without halved ones. Not beside `seq`.',
    }),
  ),
  ...pageParameters,
});
export type DeliveryParameters = Static<typeof DeliveryParameters>;

export const DeliveryPage = Type.Object(
  { items: Type.Array(Delivery), nextCursor: NextCursor },
  { title: 'DeliveryPage', description: 'Newest first.' },
);
export type DeliveryPage = Static<typeof DeliveryPage>;
