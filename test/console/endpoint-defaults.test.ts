import { expect, it } from 'vitest';
import {
  bounds,
  endpointDefaults,
  maxWaits,
  maxWaitSeconds,
} from '../../console/src/pages/endpoints/form/endpoint-defaults.js';
import { endpointSettings, optionalSettings } from '../../src/contract/endpoint-settings.js';
import * as domain from '../../src/domain/endpoint.js';

// The console repeats them: the schemas would bring their library into the browser.

it('the form of an endpoint begins with the defaults of the server', () => {
  expect(endpointDefaults).toEqual(domain.endpointDefaults);
});

/** A schema with what bounds it, which its type does not tell. */
type Bounded = Readonly<Record<'minimum' | 'maximum' | 'maxItems', number>>;
const boundsOf = (schema: object) => schema as Bounded;

it('the form of an endpoint knows the bounds of the contract', () => {
  for (const name of ['batchSize', 'lingerMs', 'timeoutMs', 'concurrency'] as const) {
    const { minimum, maximum } = boundsOf(endpointSettings[name]);
    expect(bounds[name], name).toEqual({ min: minimum, max: maximum });
  }
  expect(bounds.ratePerSecond.min).toBe(boundsOf(optionalSettings.ratePerSecond).minimum);
  expect(bounds.jitterPercent.max).toBe(boundsOf(endpointSettings.jitter).maximum * 100);
  expect(maxWaits).toBe(boundsOf(endpointSettings.retrySchedule).maxItems);
  expect(maxWaitSeconds).toBe(boundsOf(endpointSettings.retrySchedule.items).maximum);
});
