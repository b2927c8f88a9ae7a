import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';

export const Source = Type.Object(
  {
    id: Type.String({ description: '`default` is the one of the settings.' }),
    name: Type.String(),
    pushUrl: Type.Optional(
      Type.String({
        description: 'What is pasted where calls are sent from. A secret; administrators see it.',
      }),
    ),
    previousUntil: Type.Optional(Instant('Until then the URL before the last rotation works, too.')),
    isFixed: Type.Boolean({
      description: 'A setting of the environment names its token: it is rotated there.',
    }),
    createdAt: Type.Optional(Instant('When it was made.')),
    pushes: Type.Integer({ description: 'Received from it in all, to within a minute.' }),
    lastPushAt: Type.Optional(Instant('When the last came, to within a minute.')),
    pushBytesPerDay: Type.Optional(
      Type.Integer({ description: 'What it may push in one day, in bytes; more is answered 503.' }),
    ),
    recordingBytesPerDay: Type.Optional(
      Type.Integer({
        description: 'What downloads of its recordings bring in one day, in bytes, before the others wait.',
      }),
    ),
    recordingHosts: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Hosts that its links may lead to, of those of EARSHOT_RECORDING_HOSTS.',
      }),
    ),
    today: Type.Object(
      {
        pushBytes: Type.Integer({ description: 'Taken since midnight in EARSHOT_TIME_ZONE.' }),
        refusedPushes: Type.Integer({ description: 'Answered 503 because of `pushBytesPerDay`.' }),
        recordingBytes: Type.Integer({ description: 'Brought by downloads of its recordings.' }),
      },
      { description: 'Other processes are known of within seconds.' },
    ),
  },
  { title: 'Source', description: 'A configured place that pushes come from.' },
);
export type Source = Static<typeof Source>;

export const SourceList = Type.Object({ items: Type.Array(Source) }, { title: 'SourceList' });
export type SourceList = Static<typeof SourceList>;

export const SourceCreation = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      description: 'What its messages are marked with, for ever.',
    }),
  },
  { title: 'SourceCreation', additionalProperties: false },
);
export type SourceCreation = Static<typeof SourceCreation>;

export const SourceChange = Type.Object(
  {
    pushBytesPerDay: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()], {
        description: 'What it may push in one day, in bytes of bodies as they come; null: any number.',
      }),
    ),
    recordingBytesPerDay: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()], {
        description:
          'What downloads of its recordings bring in one day, in bytes, before the others wait, until the last hours of ' +
          'their links; twice as much is the end. Null: any number.',
      }),
    ),
    recordingHosts: Type.Optional(
      Type.Union(
        [
          Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { minItems: 1, maxItems: 100 }),
          Type.Null(),
        ],
        {
          description:
            'Patterns of hosts that its links may lead to, of those that EARSHOT_RECORDING_HOSTS allows; null: all of these.',
        },
      ),
    ),
  },
  { title: 'SourceChange', additionalProperties: false, minProperties: 1 },
);
export type SourceChange = Static<typeof SourceChange>;

export const SourceRotation = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 31_536_000,
        default: 604_800,
        description: 'How long the URL there was works on: until everybody has the new one.',
      }),
    ),
  },
  { title: 'SourceRotation', additionalProperties: false },
);
export type SourceRotation = Static<typeof SourceRotation>;

export const SamplePush = Type.Object(
  {
    status: Type.Integer({ description: 'What the push was answered.' }),
    body: Type.String(),
    durationMs: Type.Number(),
    callId: Type.String({ description: 'Under which the sample is found.' }),
  },
  { title: 'SamplePush', description: "What came of the specification's sample." },
);
export type SamplePush = Static<typeof SamplePush>;
