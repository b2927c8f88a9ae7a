/**
 * Every error a user can meet, under a stable code: in problem+json answers of the API, in what the
 * command line prints and in logs. Codes may be added, never renamed; `docs/errors.md` explains each
 * and a test compares the two. `status` is the HTTP status where the API answers with it.
 *
 * What the outside world refuses (a download, a push, a resolver) is no error here: it is an `Outcome` with a
 * `DownloadReason` or a `DeliveryReason`.
 */
export const errorTable = {
  // The caller said something wrong.
  'bad-request': {
    status: 400,
    title: 'The request could not be read',
    remedy: 'Send a well-formed HTTP request; percent-encode the path as UTF-8.',
  },
  'parameter-invalid': {
    status: 400,
    title: 'A parameter has a value that cannot be used',
    remedy: 'Correct the parameter that the detail names.',
  },
  'parameter-unknown': {
    status: 400,
    title: 'There is no such parameter',
    remedy: 'Remove the parameter that the detail names, or correct its spelling; names are case-sensitive.',
  },
  'cursor-invalid': {
    status: 400,
    title: 'The cursor is none that this list handed out',
    remedy: 'Pass nextCursor of the page before exactly as it came, or start without a cursor.',
  },
  'body-invalid': {
    status: 400,
    title: 'The request body cannot be used',
    remedy: 'Send the JSON that docs/openapi.json describes for this request.',
  },
  'message-invalid': {
    status: 400,
    title: 'What was to be published is no message',
    remedy: 'Correct the message that the detail names and send all of them again: nothing was published.',
  },
  'key-required': {
    status: 401,
    title: 'A valid API key is required',
    remedy:
      'Send "Authorization: Bearer KEY"; `earshot key` shows where the administrator\'s key is and makes more.',
  },
  'route-unknown': {
    status: 404,
    title: 'There is nothing at this address',
    remedy: 'See /api/v1/openapi.json for what there is.',
  },
  'call-unknown': {
    status: 404,
    title: 'No call has this callId',
    remedy: 'Percent-encode the callId (^ is %5E, / is %2F). A push acknowledged just now may need a moment.',
  },
  'recording-unknown': {
    status: 404,
    title: 'No recording has this id',
    remedy: 'Take the id from a call or from /api/v1/recordings.',
  },
  'quarantine-item-unknown': {
    status: 404,
    title: 'No item in quarantine has this id',
    remedy: 'It may have become a message or been deleted; list /api/v1/quarantine.',
  },
  'endpoint-unknown': {
    status: 404,
    title: 'No endpoint has this id',
    remedy: 'It may have been removed; list /api/v1/endpoints.',
  },
  'delivery-unknown': {
    status: 404,
    title: 'No delivery has this id',
    remedy: 'Deliveries go with their endpoint; list /api/v1/deliveries.',
  },
  'replay-unknown': {
    status: 404,
    title: 'No replay has this id',
    remedy: 'Replays go with their endpoint; list /api/v1/replays?endpointId=…',
  },
  'endpoint-invalid': {
    status: 400,
    title: 'A setting of the endpoint cannot be used',
    remedy: 'Correct the member that the detail names; docs/openapi.json describes each.',
  },
  'endpoint-forbidden': {
    status: 400,
    title: 'Nothing is pushed to this address',
    remedy: 'If the network is yours and you trust it, add it to EARSHOT_ALLOW_NETWORKS and start again.',
  },
  'replay-invalid': {
    status: 400,
    title: 'It is not clear what to send again',
    remedy: 'Send nothing for all dead deliveries, or one window: from and to, or afterSeq and untilSeq.',
  },
  'quarantine-still-unreadable': {
    status: 422,
    title: 'The item is still no message and stays in quarantine',
    remedy: 'Send a corrected "body" (base64) along with the retry.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not take this method',
    remedy: 'Use a method that the Allow header names.',
  },
  'recording-not-archived': {
    status: 409,
    title: 'The recording has no archived audio',
    remedy: 'Wait while its state is pending; its reason and attemptLog tell what stands in the way.',
  },
  'recording-archived-already': {
    status: 409,
    title: 'The recording is archived already',
    remedy: 'Nothing is left to do: fetch its audio.',
  },
  'recording-not-downloadable': {
    status: 409,
    title: 'The recording has no link to be fetched from',
    remedy: 'It was published here and deleted since: publish it again.',
  },
  'attempt-running': {
    status: 409,
    title: 'An attempt at this recording is running',
    remedy: 'Wait for it to end; its result appears in attemptLog.',
  },
  'delivery-pending': {
    status: 409,
    title: 'The delivery is on its way',
    remedy: 'Wait until it is delivered or dead; nextAttemptAt tells when it is tried next.',
  },
  'recording-deleted': {
    status: 409,
    title: 'This recording was published before, and deleted',
    remedy: 'What was deleted stays deleted; change the message where it is to be published as another one.',
  },
  'body-too-large': {
    status: 413,
    title: 'The request body is too large',
    remedy: 'Send less at once.',
  },
  'range-unsatisfiable': {
    status: 416,
    title: 'The range lies outside the audio',
    remedy: 'Ask within the size that Content-Range names, or leave Range out.',
  },
  'not-audio': {
    status: 422,
    title: 'The part `audio` is no audio',
    remedy: 'Send a WAV, MP3, AAC, Ogg, FLAC, M4A, AMR, WebM, AIFF, AU or WMA file, whole and unpacked.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The request line and headers are too large',
    remedy: 'Shorten the address; search with a filter in place of a very long path.',
  },

  // Something of ours, or below us, does not work.
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

  // A start or a command cannot go on.
  'setting-unknown': {
    status: 500,
    title: 'There is no such setting',
    remedy: 'Correct its name; `earshot config` lists every setting.',
  },
  'setting-invalid': {
    status: 500,
    title: 'A setting has a value that cannot be used',
    remedy: 'Correct the setting that the detail names; `earshot config` shows where each value comes from.',
  },
  'usage-invalid': {
    status: 500,
    title: 'The command was called wrongly',
    remedy: 'See `earshot help` or `earshot COMMAND --help`.',
  },
  'address-in-use': {
    status: 500,
    title: 'The address to listen on is taken',
    remedy: 'Stop the other process, or choose a free port (EARSHOT_PORT, --port).',
  },
  'data-dir-unusable': {
    status: 500,
    title: 'The data folder cannot be used',
    remedy: 'Make it a folder that this user may write to, or set EARSHOT_DATA_DIR to one.',
  },
  'data-dir-in-use': {
    status: 500,
    title: 'Another process works on the data folder',
    remedy: 'Stop that process, or set EARSHOT_DATA_DIR to another folder.',
  },
  'store-corrupt': {
    status: 500,
    title: 'The store is damaged',
    remedy:
      'Stop Earshot, keep a copy of the data folder, and restore the last backup; `earshot doctor` tells what is damaged.',
  },
  'store-too-new': {
    status: 500,
    title: 'The store was written by a newer version',
    remedy: 'Run the version that wrote it, or a newer one.',
  },
  'storage-failed': {
    status: 503,
    title: 'The recordings storage could not be read or written',
    remedy: 'Check space and permissions of the recordings folder; `earshot doctor` names the cause.',
  },
  'input-unreadable': {
    status: 500,
    title: 'The input cannot be read',
    remedy: 'Give a file that exists, holding JSON or NDJSON of messages, or - for standard input.',
  },
  'store-moved': {
    status: 500,
    title: 'The data was moved elsewhere',
    remedy:
      'Start Earshot with the settings that `earshot move` has printed. To go back to this store, move back; what was taken elsewhere since is not in it.',
  },
  'move-unfinished': {
    status: 500,
    title: 'What was being moved here is not complete',
    remedy: 'Run the same `earshot move` again: it goes on where it was. Until then nothing starts on it.',
  },
  'move-refused': {
    status: 500,
    title: 'This cannot be moved',
    remedy: 'Do what the detail says, then run `earshot move` again. Nothing was changed.',
  },
  'server-unreachable': {
    status: 500,
    title: 'The server does not answer',
    remedy: 'Start it with `earshot serve`, or give its address.',
  },
} as const satisfies Readonly<Record<string, { status: number; title: string; remedy: string }>>;

export type ErrorCode = keyof typeof errorTable;

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

/**
 * Somebody asked for what cannot be: thrown where it is noticed, answered where the caller is known.
 * `detail` is one sentence for a person; it never holds a key, a push token or the query of a link.
 */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'AppError';
    this.code = code;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}
