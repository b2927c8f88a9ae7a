import { Type, type Static } from 'typebox';
import { recordingFlags } from '../domain/flags.js';
import { outcomes } from '../domain/outcome.js';
import { recordingStates } from '../domain/recording.js';
import { Acknowledgement } from './acknowledgements.js';
import { Instant } from './instant.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';

export const StateOfRecording = Type.Enum(recordingStates, {
  type: 'string',
  description:
    '`pending`: to be downloaded; `archived`: its audio is kept; `lost`: the link died first; `blocked`: host or address is not allowed; `deleted`: somebody deleted its audio.',
});

export const FlagOfRecording = Type.Enum(recordingFlags, {
  type: 'string',
  description:
    '`short`: much shorter than its call; `empty`: no sound in it; `unrecognised`: kept as it came, in no format that is known here.',
});

export const Asset = Type.Object(
  {
    bytes: Type.Integer({ description: 'Of what is kept: unpacked, where the storage kept it packed.' }),
    sha256: Type.String({ description: 'Lower-case hex, of what is kept.' }),
    container: Type.String({
      description: '`wav`, `mp3`, … by content, never by name; `unrecognised` where nothing here knows it.',
    }),
    codec: Type.Optional(Type.String()),
    channels: Type.Optional(Type.Integer()),
    sampleRate: Type.Optional(Type.Number({ description: 'Hz.' })),
    seconds: Type.Optional(
      Type.Number({
        description: 'Measured over the whole file; 0 where there is no sound. Never estimated.',
      }),
    ),
    archivedAt: Instant('When the audio was safe.'),
    fileName: Type.String({ description: 'Path below the recordings folder.' }),
  },
  { title: 'Asset', description: 'Archived audio and what it holds.' },
);
export type Asset = Static<typeof Asset>;

export const DownloadAttempt = Type.Object(
  {
    at: Instant('When it began.'),
    outcome: Type.Enum(outcomes, { type: 'string' }),
    reason: Type.String({ description: 'A word of docs/errors.md, “Download reasons”.' }),
    status: Type.Optional(Type.Integer({ description: 'HTTP status, where an answer came.' })),
    durationMs: Type.Number(),
    bytes: Type.Integer({ description: 'Received in this attempt.' }),
    resumedFrom: Type.Optional(Type.Integer({ description: 'Byte offset at which it continued.' })),
    address: Type.Optional(Type.String({ description: 'Address connected to.' })),
    headMs: Type.Optional(Type.Number({ description: 'Time to the response head.' })),
    detail: Type.Optional(Type.String({ description: 'What the storage said, shortened.' })),
  },
  { title: 'DownloadAttempt', description: 'One try of a download.' },
);
export type DownloadAttempt = Static<typeof DownloadAttempt>;

const recording = {
  id: Type.String(),
  callId: Type.String(),
  state: StateOfRecording,
  host: Type.String({ description: 'Of the link; `earshot` where the recording was published here.' }),
  path: Type.String({ description: 'Of the link, without its query.' }),
  deadlineAt: Instant('When the link dies, as far as that is believed; docs/archiving.md, “Deadlines”.'),
  nextAttemptAt: Type.Optional(Instant('When the download is tried next.')),
  attempts: Type.Integer({ description: 'Attempts that ended.' }),
  reason: Type.Optional(
    Type.String({
      description:
        'Of the last attempt that did not succeed, or of the state; docs/errors.md, “Download reasons”.',
    }),
  ),
  flags: Type.Array(FlagOfRecording),
  asset: Type.Optional(Asset),
};

const acknowledged = Type.Optional(Acknowledgement);

export const Recording = Type.Object(recording, {
  title: 'Recording',
  description: 'One audio file of a call. The link with its query appears in messages only.',
});
export type Recording = Static<typeof Recording>;

/** As recordings are listed, and as one is answered with that was acknowledged. */
export const ListedRecording = Type.Object({ ...recording, acknowledged }, { title: 'ListedRecording' });
export type ListedRecording = Static<typeof ListedRecording>;

export const RecordingDetail = Type.Object(
  {
    ...recording,
    acknowledged,
    attemptLog: Type.Array(DownloadAttempt, { description: 'Oldest first.' }),
  },
  { title: 'RecordingDetail', description: 'One recording with its attempts.' },
);
export type RecordingDetail = Static<typeof RecordingDetail>;

export const RecordingParameters = parametersOf({
  state: Type.Optional(StateOfRecording),
  callId: Type.Optional(Type.String()),
  flag: Type.Optional(FlagOfRecording),
  acknowledged: Type.Optional(
    Type.Literal('no', { description: 'Without lost ones whose loss somebody has acknowledged.' }),
  ),
  ...pageParameters,
});
export type RecordingParameters = Static<typeof RecordingParameters>;

export const RecordingPage = Type.Object(
  { items: Type.Array(ListedRecording), nextCursor: NextCursor },
  { title: 'RecordingPage' },
);
export type RecordingPage = Static<typeof RecordingPage>;
