import type { QuarantineChoice, QuarantineKindParameters } from '../contract/quarantine.js';
import { AppError } from '../domain/errors.js';
import type { QuarantineFilter } from '../store/quarantine.js';
import { parseInstant } from './instant.js';
import { known } from './known.js';

/** The filter that parameters or members name. Throws `parameter-invalid`. */
export function toQuarantineFilter({ reason, source, from, to }: QuarantineKindParameters): QuarantineFilter {
  return known({
    reason,
    source,
    from: from === undefined ? undefined : parseInstant('from', from),
    to: to === undefined ? undefined : parseInstant('to', to),
  });
}

/** The filter of an act on many items. Throws `body-invalid` where it chooses nothing, or everything and something. */
export function toChosen({ all, ...named }: QuarantineChoice): QuarantineFilter {
  const filter = toQuarantineFilter(named);
  if ((all === true) === Object.keys(filter).length > 0) {
    throw new AppError('body-invalid', 'Name `reason`, `source`, `from` or `to`, or else `all`.');
  }
  return filter;
}
