import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';

export const Acknowledgement = Type.Object(
  {
    reason: Type.String(),
    by: Type.Object({ id: Type.String(), name: Type.String() }),
    at: Instant('When somebody said so.'),
  },
  {
    title: 'Acknowledgement',
    description: 'What somebody said of what cannot be mended: it counts nowhere as waiting any more.',
  },
);
export type Acknowledgement = Static<typeof Acknowledgement>;

export const AcknowledgementRequest = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }) },
  { title: 'AcknowledgementRequest', additionalProperties: false },
);
export type AcknowledgementRequest = Static<typeof AcknowledgementRequest>;
