import type { Role } from './roles.js';

/** Connections to the database, by who has them. */
export interface ConnectionShares {
  /** Of the inbox alone: one group is written at a time, and readiness asks beside it. */
  readonly intake: number;
  readonly pipeline: number;
  readonly archive: number;
  readonly deliver: number;
  /** The API and whatever else the main thread does. */
  readonly main: number;
}

const ofIntake = 2;
/** The one that listens for wake-ups. */
const ofListening = 1;

/** Divides what one process may have: a fifth for each thread that runs, and the rest, at least 3, for the main one. */
export function shareConnections(total: number, roles: readonly Role[]): ConnectionShares {
  const ofThread = Math.max(2, Math.floor(total / 5));
  const threads = { pipeline: 'intake', archive: 'archive', deliver: 'deliver' } as const;
  const running = Object.values(threads).filter((role) => roles.includes(role)).length;
  return {
    intake: ofIntake,
    pipeline: ofThread,
    archive: ofThread,
    deliver: ofThread,
    main: Math.max(3, total - running * ofThread - ofIntake - ofListening),
  };
}
