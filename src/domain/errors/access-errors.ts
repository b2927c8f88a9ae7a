import type { ErrorEntries } from './error-entry.js';

/** Who asks is not known, or may not. */
export const accessErrors = {
  'key-required': {
    status: 401,
    title: 'It is not known who asks',
    remedy:
      'Sign in, or send "Authorization: Bearer KEY"; `earshot key` shows where the administrator\'s key is and makes more.',
  },
  'key-expired': {
    status: 401,
    title: 'The API key has expired',
    remedy: 'An administrator makes another: in the console, or by `earshot key add`.',
  },
  'key-orphaned': {
    status: 401,
    title: 'The account that the API key belongs to is gone or disabled',
    remedy: 'Another administrator makes one of their own: in the console, or by `earshot key add`.',
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
  'sign-in-refused': {
    status: 401,
    title: 'Signing in failed',
    remedy: 'Check the name and the password; an administrator can set a new one.',
  },
  'sign-in-throttled': {
    status: 429,
    title: 'There were too many failures to sign in',
    remedy: 'Wait as long as Retry-After says; `earshot account set-password` sets a new password.',
  },
  'account-disabled': {
    status: 403,
    title: 'The account is disabled',
    remedy: 'Ask an administrator to enable it again.',
  },
  'account-required': {
    status: 403,
    title: 'This is for people, not for keys',
    remedy: 'Sign in with a browser.',
  },
  'password-wrong': {
    status: 403,
    title: 'The current password is not right',
    remedy: 'Type it again; an administrator can set a new one.',
  },
  'code-required': {
    status: 401,
    title: 'This account is asked for a code as well',
    remedy: 'Sign in with a code as well: six digits of the authenticator app, or a recovery code.',
  },
  'code-wrong': {
    status: 403,
    title: 'The code is not right',
    remedy:
      'Wait for the next one of the app, and see that its clock is right; or take a recovery code. An administrator can remove the second factor.',
  },
  'passkey-refused': {
    status: 403,
    title: 'The passkey was not taken',
    remedy:
      'Try it again, or sign in with the password. A passkey that was removed here may still be offered by the device.',
  },
  'passkey-unknown': {
    status: 404,
    title: 'There is no such passkey',
    remedy: 'Look at the list: it may have been removed meanwhile.',
  },
  'passkeys-unavailable': {
    status: 409,
    title: 'Passkeys cannot be used here',
    remedy: 'Set EARSHOT_PUBLIC_URL to the https address by which browsers reach Earshot, and start again.',
  },
  'password-missing': {
    status: 409,
    title: 'This account has no password here',
    remedy: 'The account signs in elsewhere; set a second factor there.',
  },
  'proof-required': {
    status: 403,
    title: 'This needs the password once more',
    remedy: 'Give the password once more, or sign in again, and repeat it within 15 minutes.',
  },
  'password-common': {
    status: 400,
    title: 'Many people have this password, or one like it',
    remedy:
      'Choose another: three or four words that do not belong together, or what a password manager makes.',
  },
  'password-personal': {
    status: 400,
    title: "The password is hardly more than the person's own name, or the name of this product",
    remedy:
      'Choose another: three or four words that do not belong together, or what a password manager makes.',
  },
  'password-simple': {
    status: 400,
    title: 'The password is made of what is guessed early',
    remedy:
      'Choose another: three or four words that do not belong together, or what a password manager makes.',
  },
  'csrf-refused': {
    status: 403,
    title: 'The request does not come from a page of this Earshot',
    remedy:
      'Reload the page and try again. Behind a proxy, EARSHOT_PUBLIC_URL must be the address that the browser shows.',
  },
  'setup-token-unknown': {
    status: 403,
    title: 'The set-up link is not known, or older than a day',
    remedy: 'Copy all of the link. `earshot account setup-link` prints a new one until there is an account.',
  },
  'setup-done': {
    status: 410,
    title: 'Earshot is set up already',
    remedy: 'Sign in; an administrator makes more accounts, and so does `earshot account create`.',
  },
  'name-taken': {
    status: 409,
    title: 'Another account has this name',
    remedy: 'Choose another; names are told apart by neither case nor width.',
  },
  'last-administrator': {
    status: 409,
    title: 'Nobody could administer any more',
    remedy: 'Make another account an administrator first.',
  },
  'person-unknown': {
    status: 404,
    title: 'No account has this id',
    remedy: 'It may have been removed; list /api/v1/people.',
  },
  'key-unknown': {
    status: 404,
    title: 'No API key has this id',
    remedy: 'It may have been removed; list /api/v1/keys.',
  },
  'session-unknown': {
    status: 404,
    title: 'There is no session with this id',
    remedy: 'It may have ended meanwhile: list the sessions anew.',
  },
  'single-sign-on-refused': {
    status: 403,
    title: 'Whoever signed in elsewhere has no role here',
    remedy: 'Ask for a group that EARSHOT_OIDC_ROLES names, or have EARSHOT_OIDC_DEFAULT_ROLE set.',
  },
  'single-sign-on-failed': {
    status: 403,
    title: 'Signing in elsewhere did not succeed',
    remedy: 'Try again from the sign-in page, in one go and in one browser; the log has the cause.',
  },
  'single-sign-on-unavailable': {
    status: 503,
    title: 'The place where people sign in cannot be reached',
    remedy:
      'Sign in with a password, or try again later. An administrator of the server checks EARSHOT_OIDC_ISSUER and, where it is inside, EARSHOT_SIGN_ON_NETWORKS.',
  },
} as const satisfies ErrorEntries;
