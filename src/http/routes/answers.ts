import type { TNull, TSchema } from 'typebox';
import { problemMediaType, Problem } from '../../contract/problem.js';

const problem = {
  description: 'What was wrong, with a stable code (docs/errors.md).',
  content: { [problemMediaType]: { schema: Problem } },
};

/**
 * The answers of a route, for its description: one schema where it goes well, a problem where not. They
 * describe only; what is sent is made member by member in the resource's `…-json.ts`.
 */
export function answers(status: number, schema: TSchema): Record<string, unknown> {
  return { [status]: schema, '4XX': problem, '5XX': problem };
}

/** The same for answers that are no JSON, or have no body. */
export function otherAnswers(
  byStatus: Readonly<
    Record<number, { description: string; content: Record<string, { schema: TSchema }> } | TNull>
  >,
): Record<string, unknown> {
  return { ...byStatus, '4XX': problem, '5XX': problem };
}
