import type { Page } from 'playwright-core';

/**
 * What every page gets before its own code: the browser's clock beside the list of calls. As text, because it
 * runs there, and nothing of this program knows a document. Times are those of the page: 0 is when it was asked for.
 */
export const pageClock = `
globalThis.benchClock = (() => {
  let startedAt = 0;
  let gridBefore = null;
  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries()))
    .observe({ type: 'longtask', buffered: true });
  const hasRows = () => {
    const grid = document.querySelector('[role=grid]');
    return grid !== null && grid !== gridBefore && grid.querySelector('[id^=call-row-]') !== null;
  };
  // A task that is queued in a frame runs once the frame is painted.
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(undefined);
  }));
  return {
    startAt: (type) => {
      gridBefore = document.querySelector('[role=grid]');
      addEventListener(type, ({ timeStamp }) => { startedAt = timeStamp; }, { capture: true, once: true });
    },
    rowsPainted: async () => {
      if (!hasRows()) {
        await new Promise((resolve, reject) => {
          setTimeout(() => reject(new Error('no rows at ' + location.href)), 60_000);
          const observer = new MutationObserver(() => {
            if (hasRows()) resolve(observer.disconnect());
          });
          observer.observe(document, { childList: true, subtree: true });
        });
      }
      return (await painted()) - startedAt;
    },
    scroll: async (rows, rowPixels, rowsPerFrame, giveUpMs) => {
      const grid = document.querySelector('[role=grid]');
      performance.setResourceTimingBufferSize(10_000);
      performance.clearResourceTimings();
      const startedAt = performance.now();
      const giveUpAt = startedAt + giveUpMs;
      while (grid.scrollTop < rows * rowPixels && performance.now() < giveUpAt) {
        grid.scrollTop += rowsPerFrame * rowPixels;
        await new Promise(requestAnimationFrame);
      }
      await painted();
      const pages = performance.getEntriesByType('resource').filter(({ name }) => name.includes('cursor='));
      return {
        rows: Math.round(grid.scrollTop / rowPixels),
        pagesMs: pages.map(({ duration }) => duration),
        // Entries come late: what was drawn before is not of this.
        longTasks: longTasks.filter(({ startTime }) => startTime >= startedAt).map(({ duration }) => duration),
      };
    },
    compute: async (frames, msPerFrame) => {
      const startedAt = performance.now();
      for (let frame = 0; frame < frames; frame++) {
        await new Promise(requestAnimationFrame);
        const from = performance.now();
        while (performance.now() - from < msPerFrame);
      }
      await painted();
      return longTasks.filter(({ startTime }) => startTime >= startedAt).map(({ duration }) => duration);
    },
    fetchMs: async (url) => {
      const from = performance.now();
      const { items } = await (await fetch(url)).json();
      return { ms: performance.now() - from, items: items.length };
    },
  };
})();`;

/** From the page's start, or from the event that was last awaited, until rows are painted. */
export async function rowsPaintedMs(page: Page): Promise<number> {
  return await page.evaluate('benchClock.rowsPainted()');
}

/** Until rows of another list are painted, from the next event of that type, which `act` brings about. */
export async function rowsPaintedAfter(
  page: Page,
  type: 'click' | 'change' | 'submit',
  act: () => Promise<unknown>,
): Promise<number> {
  await page.evaluate(`benchClock.startAt('${type}')`);
  const painted = rowsPaintedMs(page);
  await Promise.all([painted, act()]);
  return await painted;
}

export interface Scrolling {
  readonly rows: number;
  /** Of each further page: from its request to its last byte. */
  readonly pagesMs: readonly number[];
  /** Tasks of the main thread above 50 ms. */
  readonly longTasks: readonly number[];
}

const rowPixels = 36;
const rowsPerFrame = 12;
const computedMs = 8;

/** Tasks above 50 ms of a page that computes a few ms in each frame, as many frames as so many rows take. */
export async function computeOnly(page: Page, rows: number): Promise<readonly number[]> {
  return await page.evaluate(`benchClock.compute(${Math.ceil(rows / rowsPerFrame)}, ${computedMs})`);
}

/** Scrolls a dozen rows with every frame until `rows` rows lie above, or for as long as given. */
export async function scroll(page: Page, rows: number, giveUpMs: number): Promise<Scrolling> {
  return await page.evaluate(`benchClock.scroll(${rows}, ${rowPixels}, ${rowsPerFrame}, ${giveUpMs})`);
}

/** On a page that does nothing else: the answer, read and counted. */
export async function fetchOnly(page: Page, url: string): Promise<{ ms: number; items: number }> {
  return await page.evaluate(`benchClock.fetchMs(${JSON.stringify(url)})`);
}
