import type { ErrorEntries } from './error-entry.js';

/** The caller said something wrong. */
export const refusals = {
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
    remedy: 'If the network is yours and you trust it, add it to EARSHOT_ENDPOINT_NETWORKS and start again.',
  },
  'replay-invalid': {
    status: 400,
    title: 'It is not clear what to send again',
    remedy:
      'Send nothing for all dead deliveries, a reason for those that died of it, or one window: from and to, or afterSeq and untilSeq.',
  },
  'quarantine-still-unreadable': {
    status: 422,
    title: 'The item is still no message and stays in quarantine',
    remedy: 'Correct what the detail names, and retry with the corrected body.',
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
  'waveform-not-made': {
    status: 404,
    title: 'The waveform of the recording is not made yet',
    remedy: 'Ask again in a moment; /api/v1/status tells how far behind the consumer `analyser` is.',
  },
  'waveform-unavailable': {
    status: 404,
    title: 'No waveform can be made of the recording',
    remedy: 'Fetch its audio and hear it; with ffmpeg on the path, recordings of more formats get one.',
  },
  'recording-archived-already': {
    status: 409,
    title: 'The recording is archived already',
    remedy: 'Nothing is left to do: its bytes were read again and are what was archived.',
  },
  'recording-not-lost': {
    status: 409,
    title: 'The recording is not lost',
    remedy: 'Look at it again: a fresh link or a retry may have revived it.',
  },
  'recording-not-downloadable': {
    status: 409,
    title: 'The recording has no link that it could be fetched from',
    remedy: 'Publish it again where it was published here; else bring its file back from a backup.',
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
  'conversion-unavailable': {
    status: 503,
    title: 'The audio cannot be made a WAV here and now',
    remedy: 'Install ffmpeg on the machine that Earshot runs on, wait a little, or download the recording.',
  },
  'delivery-not-waiting': {
    status: 409,
    title: 'The delivery does not wait for anybody',
    remedy: 'Look at it again: it is not dead, or somebody has replayed it.',
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
    remedy: 'Send the bytes of the recording, whole and unpacked; a text, an HTML page, JSON or XML is none.',
  },
  'request-late': {
    status: 408,
    title: 'The request did not arrive in time',
    remedy:
      'Send it again over a line that does not stop; sign in first, or send the key, before a large body.',
  },
  'expectation-unknown': {
    status: 417,
    title: 'The request expects what cannot be met',
    remedy: 'Send no Expect header but `100-continue`.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The request line and headers are too large',
    remedy: 'Send fewer headers, and shorter ones; shorten the address.',
  },
} as const satisfies ErrorEntries;
