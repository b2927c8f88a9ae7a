import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

declare global {
  interface Window {
    readonly axe?: typeof axe;
  }
}

/** Nothing that axe finds, minor or not: WCAG 2.2 AA and its best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  // Once in each document: reading half a megabyte takes longer than looking with it.
  if (await page.evaluate(() => !window.axe)) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe!.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    );
  });
  expect(found).toEqual([]);
}
