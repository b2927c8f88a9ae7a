import type { ErrorEntries } from './error-entry.js';

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
