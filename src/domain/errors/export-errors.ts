import type { ErrorEntries } from './error-entry.js';

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
