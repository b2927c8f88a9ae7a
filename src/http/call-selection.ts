import type { CallCountParameters } from '../contract/calls.js';
import type { CallQuery } from '../store/calls.js';
import { parseInstant } from './instant.js';
import { known } from './known.js';

/** Filters as calls are searched for. Throws `parameter-invalid` for a time that cannot be read. */
export function toSelection({
  from,
  to,
  ...filters
}: CallCountParameters): Omit<CallQuery, 'limit' | 'after'> {
  return known({
    ...filters,
    from: from === undefined ? undefined : parseInstant('from', from),
    to: to === undefined ? undefined : parseInstant('to', to),
  });
}
