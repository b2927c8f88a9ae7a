import { defineConfig } from 'vitest/config';

/** Runs that go wrong in every way, for test-results.test.ts. */
export default defineConfig({
  test: {
    include: ['test/commands/reported/*.ts'],
    exclude: ['test/commands/reported/vitest.config.ts'],
    reporters: ['./scripts/test-reporter.mjs'],
  },
});
