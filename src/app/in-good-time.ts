import { StoreError } from '../store/store-error.js';

/** What a shared store takes longer for, of what is a matter of milliseconds, it will hardly answer at all. */
const answerWithinMs = 3_000;

/** The answer of a store, or `unreachable` where it does not come soon. */
export async function inGoodTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new StoreError('unreachable', `The store did not answer within ${answerWithinMs} ms.`));
    }, answerWithinMs);
  });
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
