import type { ErrorEntries } from './error-entry.js';

/** Who asks is not known, or may not. */
export const accessErrors = {
  'key-required': {
    status: 401,
    title: 'It is not known who asks',
    remedy:
      'Sign in, or send "Authorization: Bearer KEY"; `earshot key` shows where the administrator\'s key is and makes more.',
  },
  'right-missing': {
    status: 403,
    title: 'This is not allowed to whoever asks',
    remedy:
      'Ask an administrator for the right that the detail names; docs/people.md tells which role has which.',
  },
  'audit-unavailable': {
    status: 503,
    title: 'The audit log cannot be written',
    remedy:
      'Nothing is shown or changed that could not be told. `earshot doctor` names the cause; try again once it is mended.',
  },
} as const satisfies ErrorEntries;
