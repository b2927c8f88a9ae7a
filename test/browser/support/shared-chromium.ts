import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { buildConsole } from './build-console.js';
import { executablePath, launchOptions } from './chromium.js';

/** vitest's global set-up: the console as it is now, and one Chromium for all test files. */
export default async function shareChromium(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  await buildConsole();
  if (!existsSync(executablePath)) return undefined;
  const server = await chromium.launchServer({ ...launchOptions, host: '127.0.0.1' });
  project.provide('chromiumAddress', server.wsEndpoint());
  return () => server.close();
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where Playwright connects to. */
    chromiumAddress: string;
  }
}
