import type { ReplayRequest } from '../../../../../src/contract/replays.ts';

/** What is sent again: by which of four ways it is named, and their fields as they are typed. */
export interface ReplayChoice {
  readonly kind: 'dead' | 'missed' | 'time' | 'seq';
  /** As a field for date and time has it, in the browser's zone; empty: no bound. */
  readonly from: string;
  readonly to: string;
  readonly afterSeq: number | string;
  readonly untilSeq: number | string;
  /** Of a window: only what the endpoint never got. */
  readonly onlyMissed: boolean;
}

export const firstChoice: ReplayChoice = {
  kind: 'dead',
  from: '',
  to: '',
  afterSeq: '',
  untilSeq: '',
  onlyMissed: false,
};

/** What is wrong with a choice; a key of the texts under `replay.fault`. */
export type ReplayFault = 'noWindow' | 'backwards';

export function findReplayFault(choice: ReplayChoice): ReplayFault | undefined {
  switch (choice.kind) {
    case 'dead':
    case 'missed':
      return undefined;
    case 'time':
      if (choice.from === '' && choice.to === '') return 'noWindow';
      return choice.from !== '' && choice.to !== '' && Date.parse(choice.from) >= Date.parse(choice.to)
        ? 'backwards'
        : undefined;
    case 'seq':
      if (choice.afterSeq === '' && choice.untilSeq === '') return 'noWindow';
      return choice.untilSeq !== '' && Number(choice.untilSeq) <= Number(choice.afterSeq)
        ? 'backwards'
        : undefined;
  }
}

/** The request for a choice without a fault. */
export function toReplayRequest(choice: ReplayChoice): Omit<ReplayRequest, 'preview'> {
  const missed = choice.onlyMissed && { missed: true };
  switch (choice.kind) {
    case 'dead':
      return { dead: true };
    case 'missed':
      return { missed: true };
    case 'time':
      return {
        ...(choice.from !== '' && { from: new Date(choice.from).toISOString() }),
        ...(choice.to !== '' && { to: new Date(choice.to).toISOString() }),
        ...missed,
      };
    case 'seq':
      return {
        ...(choice.afterSeq !== '' && { afterSeq: Number(choice.afterSeq) }),
        ...(choice.untilSeq !== '' && { untilSeq: Number(choice.untilSeq) }),
        ...missed,
      };
  }
}
