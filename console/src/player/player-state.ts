import type { Side } from './audio-graph.ts';

export const rates = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;
export const maxBoost = 3;

/** What a player shows. Times in seconds from the start of the recording. */
export interface PlayerState {
  readonly isPlaying: boolean;
  /** It should play and waits for bytes. */
  readonly isWaiting: boolean;
  /** The file could not be fetched or understood. */
  readonly hasFailed: boolean;
  /** 0 until it is known. */
  readonly seconds: number;
  /** Renewed about four times a second while it plays; `Player.position` is exact. */
  readonly position: number;
  readonly rate: number;
  /** 1 is as recorded. */
  readonly boost: number;
  readonly side: Side;
  readonly isMuted: boolean;
  readonly skipsSilence: boolean;
  /** What skipping has saved so far. */
  readonly savedSeconds: number;
  readonly loopFrom: number | undefined;
  /** Absent while only the beginning of a loop is chosen. */
  readonly loopTo: number | undefined;
}

export const atRest: PlayerState = {
  isPlaying: false,
  isWaiting: false,
  hasFailed: false,
  seconds: 0,
  position: 0,
  rate: 1,
  boost: 1,
  side: 'both',
  isMuted: false,
  skipsSilence: false,
  savedSeconds: 0,
  loopFrom: undefined,
  loopTo: undefined,
};

const storageKey = 'earshot-player';

/** What a listener chose the last time, in this browser. */
export function readHabits(): Pick<PlayerState, 'rate' | 'skipsSilence'> {
  try {
    const habits = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<PlayerState>;
    const rate = rates.find((each) => each === habits.rate) ?? 1;
    return { rate, skipsSilence: habits.skipsSilence === true };
  } catch {
    return { rate: 1, skipsSilence: false };
  }
}

export function keepHabits({ rate, skipsSilence }: PlayerState): void {
  localStorage.setItem(storageKey, JSON.stringify({ rate, skipsSilence }));
}

/** The next faster (1) or slower (-1) one; the same at the end. */
export function nextRate(rate: number, direction: 1 | -1): number {
  const found = direction === 1 ? rates.find((each) => each > rate) : rates.findLast((each) => each < rate);
  return found ?? rate;
}

/** A loop with one of its ends set at `second`. The ends change places where they would lie the wrong way round. */
export function setLoopEnd(
  loop: Pick<PlayerState, 'loopFrom' | 'loopTo'>,
  end: 'a' | 'b',
  second: number,
): Pick<PlayerState, 'loopFrom' | 'loopTo'> {
  if (end === 'a') {
    const isBefore = loop.loopTo === undefined || second < loop.loopTo;
    return { loopFrom: second, loopTo: isBefore ? loop.loopTo : undefined };
  }
  const from = loop.loopFrom ?? 0;
  if (second === from) return loop;
  return { loopFrom: Math.min(from, second), loopTo: Math.max(from, second) };
}
