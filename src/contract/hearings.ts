import { Type, type Static } from 'typebox';

const Hearing = Type.Object(
  {
    from: Type.Number({
      minimum: 0,
      description: 'Seconds from the start: where the stretch that was heard begins.',
    }),
    to: Type.Number({ minimum: 0 }),
    rate: Type.Optional(Type.Number({ minimum: 0.25, maximum: 4, description: 'How fast.' })),
  },
  {
    title: 'Hearing',
    description: 'A stretch of a recording that was played to its end, told by the player.',
  },
);
export const HearingReport = Type.Object(
  {
    listenId: Type.String({
      maxLength: 100,
      description: 'Chosen by the player, one for each time it is opened.',
    }),
    stretches: Type.Array(Hearing, { maxItems: 200 }),
  },
  { title: 'HearingReport', additionalProperties: false },
);
export type HearingReport = Static<typeof HearingReport>;
