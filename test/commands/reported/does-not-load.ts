import { it } from 'vitest';

it('is never reached', () => undefined);
throw new Error('at its import');
