/** A bounded number of things at once; those who wait are served in order. */
export interface Slots {
  /** Runs `work` once a slot is free and frees it afterwards. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves once a slot is free and nobody waits for it. */
  idle(): Promise<void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const take = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const give = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async run(work) {
      await take();
      try {
        return await work();
      } finally {
        give();
      }
    },
    async idle() {
      await take();
      give();
    },
  };
}
