/**
 * The results of `work` in the order of the items, a few of which are worked on at once. Whoever stops reading stops
 * it: what had begun is waited for, and what came of it is let go.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const begun: Promise<Result>[] = [];
  const begin = (item: Item): void => {
    const result = work(item);
    // Reported by whoever comes to it; until then it must not count as unhandled.
    result.catch(() => undefined);
    begun.push(result);
  };
  const first = (): Promise<Result> => begun.shift() as Promise<Result>;
  try {
    for await (const item of items) {
      begin(item);
      if (begun.length >= atOnce) yield await first();
    }
    while (begun.length > 0) yield await first();
  } finally {
    await Promise.allSettled(begun);
  }
}
