import { Type } from 'typebox';

/** An instant in an answer: ISO 8601 in UTC, with milliseconds and `Z`. */
export const Instant = (description: string) => Type.String({ format: 'date-time', description });
