import type { ErrorEntries } from './error-entry.js';

/** Of sources, demo data and listening live. */
export const operatingErrors = {
  'source-unknown': {
    status: 404,
    title: 'No source has this id',
    remedy: 'It may have been removed; list /api/v1/sources.',
  },
  'source-name-taken': {
    status: 409,
    title: 'The name of the source is taken',
    remedy:
      'Choose another: messages are marked with it. `default`, `earshot` and `demo` are kept for Earshot.',
  },
  'source-fixed': {
    status: 409,
    title: 'A setting names the token of this source',
    remedy: 'Change EARSHOT_PUSH_TOKEN where it is set and start again, or unset it to rotate here.',
  },
  'source-default': {
    status: 409,
    title: 'The default source cannot be removed',
    remedy: 'Rotate it without an overlap: its URL is useless then.',
  },
  'push-unanswered': {
    status: 502,
    title: 'The push URL did not answer as a sender needs it',
    remedy: 'Look at /readyz, and at EARSHOT_PUBLIC_URL where pushes are taken by other processes.',
  },
  'demo-refused': {
    status: 409,
    title: 'Demo data cannot be loaded here',
    remedy: 'Load them on an instance without calls and endpoints of its own, run by one process.',
  },
  'demo-busy': {
    status: 409,
    title: 'Demo data are being loaded or removed',
    remedy: 'Wait for that to end; GET /api/v1/demo tells how far it is.',
  },
  'listeners-full': {
    status: 503,
    title: 'Too many listen already',
    remedy: 'Ask /api/v1/status every few seconds instead, or close other windows.',
  },
} as const satisfies ErrorEntries;

export const exportErrors = {
  'export-unknown': {
    status: 404,
    title: 'No export of yours has this id',
    remedy: 'List /api/v1/exports; those of others are for administrators.',
  },
  'export-without-file': {
    status: 409,
    title: 'The export has no file',
    remedy: 'Wait while it is being made; ask for a new one where it has ended.',
  },
} as const satisfies ErrorEntries;

/** Of what people write about calls, and the lists they keep. */
export const reviewErrors = {
  'comment-unknown': {
    status: 404,
    title: 'No comment has this id',
    remedy: 'It may have been removed; list the comments of its call.',
  },
  'comment-of-another': {
    status: 403,
    title: 'The comment is of somebody else',
    remedy: 'Whoever wrote it changes it; they and administrators remove it.',
  },
  'view-unknown': {
    status: 404,
    title: 'No view of yours has this id',
    remedy: 'Whoever made a view changes it; list /api/v1/views.',
  },
} as const satisfies ErrorEntries;
