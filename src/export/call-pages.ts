import type { Call, CallPosition, CallQuery, CallsReader } from '../store/calls.js';
import type { Tags } from '../store/reviews.js';

export interface ExportedCall extends Call {
  readonly tags: readonly string[];
}

/** Which calls: a query without its page. */
export type CallSelection = Omit<CallQuery, 'limit' | 'after'>;

export interface CallPagesDeps {
  readonly calls: Pick<CallsReader, 'search' | 'count'>;
  readonly tags: Pick<Tags, 'ofCalls'>;
}

/** Calls in memory at a time: a page is read within milliseconds, so that nobody else waits for it. */
const pageSize = 500;
/** Counting is cheaper than reading. */
const countedAtOnce = 20_000;

/**
 * All calls of a selection, newest first, page by page: any number in the memory of one page. A call that changes its
 * place meanwhile, because its start becomes known, may be left out or come twice, as in any list that is paged.
 */
export async function* readCallPages(
  { calls, tags }: CallPagesDeps,
  selection: CallSelection,
  signal: AbortSignal,
): AsyncGenerator<readonly ExportedCall[], void, undefined> {
  let after: CallPosition | undefined;
  do {
    signal.throwIfAborted();
    const page = await calls.search({ ...selection, limit: pageSize, ...(after ? { after } : {}) });
    const ofCalls = await tags.ofCalls(page.items.map(({ callId }) => callId));
    yield page.items.map((call) => ({ ...call, tags: ofCalls.get(call.callId) ?? [] }));
    after = page.next;
  } while (after);
}

/** How many calls a selection has, counted in steps. */
export async function countCalls(
  { calls }: Pick<CallPagesDeps, 'calls'>,
  selection: CallSelection,
  signal: AbortSignal,
): Promise<number> {
  let counted = 0;
  let after: CallPosition | undefined;
  do {
    signal.throwIfAborted();
    const step = await calls.count({ ...selection, limit: countedAtOnce, ...(after ? { after } : {}) });
    counted += step.calls;
    after = step.next;
  } while (after);
  return counted;
}
