import type { ErrorEntries } from './error-entry.js';

/** Something of ours, or below us, does not work. */
export const failures = {
  internal: {
    status: 500,
    title: 'Something went wrong inside',
    remedy:
      'Try again; the log has the cause under the id in the X-Request-Id header. If it stays, report it.',
  },
  'asset-missing': {
    status: 500,
    title: 'The archived audio is not where it was put',
    remedy: 'Run `earshot verify`, which lists what differs; bring the file back from a backup.',
  },
  'store-unavailable': {
    status: 503,
    title: 'The store does not answer',
    remedy:
      '`earshot doctor` names the cause: a full disk, a data folder that cannot be written, a database that cannot be reached. Once it is mended, no restart is needed.',
  },
  'store-busy': {
    status: 503,
    title: 'The store has too much to do at the moment',
    remedy: 'Try again after a few seconds.',
  },
  'not-ready': {
    status: 503,
    title: 'Pushes cannot be stored at the moment',
    remedy: 'The detail names what stands in the way; `earshot doctor` tells how to mend it.',
  },
  'shutting-down': {
    status: 503,
    title: 'This process is stopping',
    remedy: 'Try again once it has started anew.',
  },
} as const satisfies ErrorEntries;
