import { describe, expect, it } from 'vitest';
import { faultNames } from './fault.js';
import { completeOptions, parseFault, parseFaults, SimulationOptionError } from './simulation-options.js';

const request = { to: 'http://127.0.0.1:1/push/secret-token-123456', calls: 10, rate: 5 };

describe('a fault on the command line', () => {
  it('is a name and a share', () => {
    expect(parseFault('late-object=0.1')).toEqual({ name: 'late-object', share: 0.1 });
    expect(parseFaults(['reset=1', 'odd-body=0', 'reset=0.25'])).toEqual({ reset: 0.25, 'odd-body': 0 });
  });

  it.each(['late-objects=0.1', 'late-object', '=0.5', ''])(
    'is refused as "%s" with the names there are',
    (text) => {
      expect(() => parseFault(text)).toThrow(SimulationOptionError);
      expect(() => parseFault(text)).toThrow(faultNames.join(', '));
    },
  );

  it.each(['reset=', 'reset=1.1', 'reset=-0.1', 'reset=often', 'reset=NaN'])(
    'has a share from 0 to 1, unlike %s',
    (text) => {
      expect(() => parseFault(text)).toThrow('the share of fault reset must be a number from 0 to 1');
    },
  );
});

describe('the options of a simulation', () => {
  it('keep to the protocol unless told otherwise', () => {
    expect(completeOptions(request)).toMatchObject({
      batch: 1,
      timeScale: 1,
      timeoutMs: 700,
      storageHost: '127.0.0.1',
    });
  });

  it.each([
    { calls: -1 },
    { calls: 1.5 },
    { rate: 0 },
    { batch: 0 },
    { timeScale: Number.NaN },
    { seed: -1 },
    { minCallSeconds: 10, maxCallSeconds: 5 },
    { reportShare: 2 },
    { linkVersions: [] },
  ])('are refused where they make no sense: %o', (part) => {
    expect(() => completeOptions({ ...request, ...part })).toThrow(SimulationOptionError);
  });

  it('never repeat the push URL in an error, for it holds a secret', () => {
    expect(() => completeOptions({ ...request, to: 'ftp://host/push/secret-token-123456' })).toThrow(
      /^(?!.*secret-token).*http or https/,
    );
  });
});
