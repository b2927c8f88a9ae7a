import type { InboxWriter, ReceivedPush, Spool } from '../../src/store/inbox.js';

/** An inbox whose answers come when the test says so, the oldest first. */
export interface HeldPlace extends InboxWriter, Spool {
  readonly groups: readonly (readonly ReceivedPush[])[];
  readonly probes: number;
  answersAtOnce: boolean;
  answer(error?: Error): void;
  answerProbe(error?: Error): void;
}

export function openHeldPlace(): HeldPlace {
  const appends = holdAnswers();
  const probes = holdAnswers();
  const groups: ReceivedPush[][] = [];
  return {
    groups,
    get probes() {
      return probes.asked;
    },
    answersAtOnce: false,
    append(pushes) {
      groups.push([...pushes]);
      return this.answersAtOnce ? Promise.resolve() : appends.ask();
    },
    probe: () => probes.ask(),
    answer: (error) => {
      appends.answer(error);
    },
    answerProbe: (error) => {
      probes.answer(error);
    },
    discard: () => Promise.resolve(0),
    discardOf: () => Promise.resolve(undefined),
    remove: () => Promise.resolve(),
    usage: () => Promise.resolve({ pending: groups.flat().length, bytes: 0 }),
  };
}

function holdAnswers() {
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    ask: (): Promise<void> => {
      asked++;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    answer: (error?: Error): void => {
      const oldest = waiting.shift();
      if (!oldest) throw new Error('nobody waits for an answer');
      if (error) oldest.reject(error);
      else oldest.resolve();
    },
  };
}
