import { StoreError } from '../store/store-error.js';

export interface Asked {
  /** For the sentence that says that it did not answer. */
  readonly name: string;
  readonly ask: () => Promise<void>;
}

/**
 * Asks one after the other: the next as soon as the one before has failed, or has not answered for `patienceMs`. Who
 * was asked may still answer: resolves with the first success of any, rejects once all have failed. `onTrouble` hears
 * once of each that failed or was late.
 */
export function inTurn(
  all: readonly Asked[],
  patienceMs: number,
  onTrouble: (place: number, error: unknown) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const failures: Error[] = [];
    let isDone = false;
    const askNext = (place: number): void => {
      const asked = all[place];
      if (!asked || isDone) return;
      let isInTrouble = false;
      const trouble = (error: unknown): void => {
        if (isInTrouble || isDone) return;
        isInTrouble = true;
        onTrouble(place, error);
        askNext(place + 1);
      };
      const patience = setTimeout(() => {
        // Where this thread was held up itself, the answer is waiting to be read: it gets the chance first.
        setImmediate(() => {
          trouble(new StoreError('unreachable', `the ${asked.name} did not answer within ${patienceMs} ms`));
        });
      }, patienceMs);
      asked.ask().then(
        () => {
          clearTimeout(patience);
          isDone = true;
          resolve();
        },
        (error: unknown) => {
          clearTimeout(patience);
          failures.push(error as Error);
          trouble(error);
          if (failures.length < all.length) return;
          isDone = true;
          reject(together(failures));
        },
      );
    };
    askNext(0);
  });
}

function together(failures: readonly Error[]): Error {
  const last = failures.at(-1);
  if (last && failures.length === 1) return last;
  const words = failures.map(({ message }) => message).join('; and ');
  return new StoreError(last instanceof StoreError ? last.kind : 'other', words);
}
