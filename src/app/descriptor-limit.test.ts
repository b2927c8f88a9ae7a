import { expect, it } from 'vitest';
import { checkDescriptorLimit } from './descriptor-limit.js';
import { explainError } from './commands/explain-error.js';

it('a limit of descriptors is refused, advised on or passed over, by what a server needs', () => {
  for (const limit of [20, 64, 100, 127]) {
    expect(() => checkDescriptorLimit(limit)).toThrow(new RegExp(`is ${limit}, and a server needs 128`));
  }
  expect(checkDescriptorLimit(256)).toMatch(/Raise it to 65536/);
  expect(checkDescriptorLimit(1_024)).toBeUndefined();
  expect(checkDescriptorLimit(Infinity)).toBeUndefined();
});

it('what runs out of descriptors later is told in sentences, wherever it was noticed', () => {
  const raw = Object.assign(new Error('EMFILE: too many open files, open x'), { code: 'EMFILE' });
  for (const error of [raw, new Error('a thread did not start', { cause: raw })]) {
    const { lines, exitCode } = explainError(error);
    expect(exitCode).toBe(1);
    expect(lines.join(' ')).toMatch(/may not open enough files.*descriptors-too-few.*ulimit/);
    expect(lines.join(' ')).not.toMatch(/ at /);
  }
});
