import { build } from './set-up.mjs';

/**
 * vitest's global set-up. Tests run the TypeScript sources, but two things need compiled ones: worker
 * threads (see vitest.config.ts) and tests that start the server as a process. Type errors do not stop a
 * test run: the check that names them is a step of its own.
 */
export default async function buildForTests() {
  await build('product', { unchecked: true });
}
