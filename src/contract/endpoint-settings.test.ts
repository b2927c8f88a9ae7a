import { describe, expect, it } from 'vitest';
import { endpointDefaults } from '../domain/endpoint.js';
import { endpointSettings } from './endpoint-settings.js';

describe('the settings of an endpoint', () => {
  it('are described with the defaults that they have', () => {
    const described = Object.entries(endpointSettings)
      .filter(([name]) => name !== 'name' && name !== 'url')
      .map(([name, schema]) => [name, (schema as { default?: unknown }).default]);
    expect(Object.fromEntries(described)).toEqual(endpointDefaults);
  });
});
