import { createClient } from '../../src/contract/client.js';
import type { BrowserContext, Page } from 'playwright-core';
import type { Bench } from '../bench.js';
import { benchTag, callFilters, type CallFilter } from '../browser/call-filters.js';
import { openBrowser, type BrowserUnderTest } from '../browser/open-browser.js';
import { computeOnly, fetchOnly, rowsPaintedAfter, rowsPaintedMs, scroll } from '../browser/page-clock.js';
import { dataSetShard, someCall } from '../data-set/data-set.js';
import { callIdOf } from '../load/message-fields.js';
import { apiKey, type Earshot } from '../process/earshot-server.js';
import { atMost, count, median, ms, times, type Figure } from '../report/figure.js';
import type { FilledStore } from '../stores/store-under-test.js';

const firstRowsMs = 300;
const filteredMs = 500;
const longestTaskMs = 100;
const taggedCalls = 150;
const scrollGiveUpMs = 90_000;
/** Blocked recordings of the data set stay so: their downloads would go on beside what is measured. */
const noDownloads = { EARSHOT_ALLOW_NETWORKS: '192.0.2.0/24', EARSHOT_RECORDING_HOSTS: '192.0.2.1' };

/** From what somebody does to rows on the screen, and the bare answer of the same query. */
interface Try {
  readonly paintedMs: number;
  readonly fetchedMs: number;
}

/** The page of calls in a real browser, by the browser's own clock, beside a page that fetches the same and does nothing. */
export async function measureConsole(bench: Bench): Promise<Figure[]> {
  const data = await bench.dataSet(bench.scale.storedCalls);
  return await bench.withEarshot('console', (server) => measureIn(bench, server, data), {
    filled: data,
    settings: noDownloads,
  });
}

async function measureIn(bench: Bench, server: Earshot, data: FilledStore): Promise<Figure[]> {
  const url = `http://127.0.0.1:${server.port}`;
  const browser = await openBrowser(url, await prepare(url, data));
  const { consoleTries: tries } = bench.scale;
  const figures: Figure[] = [];
  const add = (figure: Figure): void => {
    bench.say(`  ${figure.name}: ${figure.measured}; ${figure.beside}`);
    figures.push(figure);
  };
  try {
    // What the browser and the server do once is not the page's.
    await inContext(browser, openCold);
    add(
      toFigure(
        'first rows, nothing cached',
        firstRowsMs,
        await repeat(tries, () => inContext(browser, openCold)),
      ),
    );
    await inContext(browser, async (context) => {
      add(toFigure('first rows, from another page', firstRowsMs, await repeat(tries, () => comeIn(context))));
      for (const figure of await measureScrolling(context, bench.scale.scrolledRows)) add(figure);
      for (const filter of callFilters) {
        const found = await repeat(tries, (turn) => setFilter(context, filter, someCall(turn, data), data));
        add(toFigure(`filter: ${filter.name}`, filteredMs, found));
      }
    });
  } finally {
    await browser.close();
  }
  return figures;
}

/** An account of its own, since the store is kept from run to run, and calls with a tag. */
async function prepare(url: string, data: FilledStore): Promise<{ name: string; password: string }> {
  const client = createClient({ baseUrl: url, apiKey });
  const account = { name: `bench-${Date.now()}`, password: 'a long sentence of the benchmark' };
  await client.people.create({ ...account, role: 'administrator' });
  for (let turn = 0; turn < taggedCalls; turn++) {
    await client.calls.addTag(callIdOf(dataSetShard, someCall(turn, data)), benchTag);
  }
  return account;
}

async function inContext<T>(
  browser: BrowserUnderTest,
  work: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.openContext();
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

async function repeat(tries: number, attempt: (turn: number) => Promise<Try>): Promise<Try[]> {
  const found: Try[] = [];
  for (let turn = 1; turn <= tries; turn++) found.push(await attempt(turn));
  return found;
}

async function openCold(context: BrowserContext): Promise<Try> {
  return await inPage(context, async (page, asked) => {
    await page.goto('/calls', { waitUntil: 'commit' });
    const paintedMs = await rowsPaintedMs(page);
    return { paintedMs, fetchedMs: await fetchBeside(context, asked()) };
  });
}

async function comeIn(context: BrowserContext): Promise<Try> {
  return await inPage(context, async (page, asked) => {
    await page.goto('/');
    const link = page.getByRole('navigation').getByRole('link', { name: 'Calls', exact: true });
    await page.getByRole('heading', { level: 1 }).waitFor();
    const paintedMs = await rowsPaintedAfter(page, 'click', () => link.click());
    return { paintedMs, fetchedMs: await fetchBeside(context, asked()) };
  });
}

async function setFilter(
  context: BrowserContext,
  { begins, prepare: begin, act }: CallFilter,
  call: number,
  data: FilledStore,
): Promise<Try> {
  return await inPage(context, async (page, asked) => {
    await page.goto('/calls');
    await rowsPaintedMs(page);
    await begin?.(page, call, data);
    const before = asked();
    const paintedMs = await rowsPaintedAfter(page, begins, () => act(page, call, data));
    const query = asked();
    if (query === before) throw new Error('the filter asked for nothing');
    return { paintedMs, fetchedMs: await fetchBeside(context, query) };
  });
}

/** A page of its own, which is gone afterwards. `asked` tells the latest query for calls. */
async function inPage<T>(
  context: BrowserContext,
  work: (page: Page, asked: () => string) => Promise<T>,
): Promise<T> {
  const page = await context.newPage();
  let latest = '';
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/v1/calls') latest = request.url();
  });
  try {
    return await work(page, () => latest);
  } finally {
    await page.close();
  }
}

async function fetchBeside(context: BrowserContext, query: string): Promise<number> {
  return await inPage(context, async (page) => {
    await page.goto('/api/v1/session');
    const { ms: fetchedMs, items } = await fetchOnly(page, query);
    // A benchmark that finds nothing fast has measured nothing.
    if (items === 0) throw new Error(`nothing was found: ${query}`);
    return fetchedMs;
  });
}

async function measureScrolling(context: BrowserContext, rows: number): Promise<Figure[]> {
  return await inPage(context, async (page) => {
    await page.goto('/calls');
    await rowsPaintedMs(page);
    const heapBeforeMb = await heapMb(context, page);
    const scrolled = await scroll(page, rows, scrollGiveUpMs);
    const heapAfterMb = await heapMb(context, page);
    const longest = Math.max(0, ...scrolled.longTasks);
    const alone = await computeBeside(context, rows);
    const deep = scrolled.pagesMs.slice(-100);
    return [
      {
        name: `console, scrolled through ${count(scrolled.rows)} calls`,
        measured: `${tasks(scrolled.longTasks)}; heap ${heapBeforeMb.toFixed(0)} MB before, ${heapAfterMb.toFixed(0)} MB after`,
        beside: `a page that only computes, as many frames: ${tasks(alone)}`,
        aims: [atMost(longestTaskMs, 'ms', longest, 'longest')],
        numbers: {
          rows: scrolled.rows,
          longTasks: scrolled.longTasks.length,
          longestMs: longest,
          longTasksBeside: alone.length,
          longestBesideMs: Math.max(0, ...alone),
          heapBeforeMb,
          heapAfterMb,
        },
      },
      {
        name: 'console, the last 100 pages of these, fetched',
        measured: `p50 ${ms(median(deep))}, slowest ${ms(Math.max(...deep))}`,
        beside: `${times(median(deep) / median(scrolled.pagesMs.slice(0, 100)))} × the first 100`,
        aims: [],
        numbers: { p50Ms: median(deep), slowestMs: Math.max(...deep) },
      },
    ];
  });
}

/** What the machine itself takes from a page meanwhile. */
async function computeBeside(context: BrowserContext, rows: number): Promise<readonly number[]> {
  return await inPage(context, async (page) => {
    await page.goto('/api/v1/session');
    return await computeOnly(page, rows);
  });
}

function tasks(long: readonly number[]): string {
  if (long.length === 0) return 'no task above 50 ms';
  return `${long.length} tasks above 50 ms, longest ${ms(Math.max(...long))}`;
}

/** Of the page's scripts, once what nobody needs is gone. */
async function heapMb(context: BrowserContext, page: Page): Promise<number> {
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

function toFigure(name: string, aimMs: number, tries: readonly Try[]): Figure {
  const painted = tries.map(({ paintedMs }) => paintedMs);
  const fetchedMs = median(tries.map(({ fetchedMs: each }) => each));
  const [p50Ms, slowestMs] = [median(painted), Math.max(...painted)];
  return {
    name: `console, ${name}`,
    measured: `p50 ${ms(p50Ms)}, slowest ${ms(slowestMs)}`,
    beside: `${times(p50Ms / fetchedMs)} × a page that only fetches (${ms(fetchedMs)})`,
    aims: [atMost(aimMs, 'ms', p50Ms, 'p50')],
    numbers: { p50Ms, slowestMs, fetchedMs },
  };
}
