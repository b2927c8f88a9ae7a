import { Type, type Static } from 'typebox';

const seq = Type.Integer({ description: 'Place in the journal.' });
const duplicate = Type.Optional(
  Type.Literal(true, { description: 'The journal had the same already, under this `seq`.' }),
);

/** The body of a push: an array of messages in the vendor's format, or a bare one. */
export const MessagesToPublish = Type.Array(
  Type.Object({}, { description: 'A message in the format of the push.' }),
);

export const PublishedMessages = Type.Object(
  {
    items: Type.Array(Type.Object({ seq, type: Type.String(), callId: Type.String(), duplicate }), {
      description: 'In the order of the request.',
    }),
  },
  { title: 'PublishedMessages' },
);
export type PublishedMessages = Static<typeof PublishedMessages>;

export const RecordingToPublish = Type.Object({
  message: Type.Object(
    {},
    { description: 'An AlicomAgentCallRecord as JSON; its recordFile is replaced, or added.' },
  ),
  audio: Type.String({ format: 'binary' }),
});

export const PublishedRecording = Type.Object(
  {
    seq,
    callId: Type.String(),
    recordingId: Type.String(),
    recordFile: Type.String({
      description: 'A link to the audio, minted now; every push has one of its own.',
    }),
    duplicate,
  },
  { title: 'PublishedRecording' },
);
export type PublishedRecording = Static<typeof PublishedRecording>;
