/** When `work` is done or has failed, or after so many ms. Whoever needs what it brings hears of a failure there. */
export function settledWithin(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, ms))]);
}
