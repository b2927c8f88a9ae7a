import type { Page } from 'playwright-core';

export interface Held {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Of the address. */
  readonly path: RegExp;
}

/** Keeps such requests of the page from the server until `release` is called: what is seen meanwhile stays. */
export async function holdRequests(page: Page, { method, path }: Held): Promise<{ release(): void }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(path, async (route) => {
    if (route.request().method() === method) await released;
    await route.continue();
  });
  return { release: () => release() };
}
