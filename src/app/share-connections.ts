import type { Role } from './roles.js';

/** Connections to the database, by who has them. */
export interface ConnectionShares {
  /** Of the inbox alone: one group is written at a time, and readiness asks beside it. */
  readonly intake: number;
  readonly pipeline: number;
  readonly archive: number;
  readonly analyse: number;
  readonly deliver: number;
  readonly export: number;
  /** The API and whatever else the main thread does. */
  readonly main: number;
}

const ofIntake = 2;
/** The one that listens for wake-ups. */
const ofListening = 1;
/** They do one thing at a time, and most of that is no query. */
const ofAnalysing = 1;
const ofExporting = 1;
/** What all roles need together. */
export const minConnections = 13;

/** Divides what one process may have: a fifth for each thread that runs, and the rest, at least 2, for the main one. */
export function shareConnections(total: number, roles: readonly Role[]): ConnectionShares {
  const ofThread = Math.max(2, Math.floor(total / 5));
  const threads = { pipeline: 'intake', archive: 'archive', deliver: 'deliver' } as const;
  const running = Object.values(threads).filter((role) => roles.includes(role)).length;
  const ofThreads =
    running * ofThread +
    (roles.includes('archive') ? ofAnalysing : 0) +
    (roles.includes('api') ? ofExporting : 0);
  return {
    intake: ofIntake,
    pipeline: ofThread,
    archive: ofThread,
    analyse: ofAnalysing,
    deliver: ofThread,
    export: ofExporting,
    main: Math.max(2, total - ofThreads - ofIntake - ofListening),
  };
}
