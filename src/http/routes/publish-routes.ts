import {
  MessagesToPublish,
  PublishedMessages,
  PublishedRecording,
  RecordingToPublish,
} from '../../contract/publishing.js';
import { parametersOf } from '../../contract/page.js';
import { answers, type Api } from '../api.js';
import type { MessageArea } from '../areas.js';
import { known } from '../json-values.js';
import { readUpload } from '../upload.js';

/** As large as a push may be. */
const maxMessagesBytes = 64 * 1024 * 1024;

/** Messages and recordings of one's own: pushed on and shown like received ones (interface, “Publishing”). */
export function addPublishRoutes(api: Api, deps: MessageArea): void {
  api.post(
    '/api/v1/messages',
    {
      bodyLimit: maxMessagesBytes,
      schema: {
        tags: ['messages'],
        summary: "Publish messages of one's own",
        description:
          'A JSON array in the format of the push, or one bare message. One that is no message refuses all of them. A request that failed on the way may be sent again: what is there already is a duplicate.',
        querystring: parametersOf({}),
        response: answers(202, PublishedMessages),
      },
      config: { right: 'operate', audit: 'messages.published', documentedBody: MessagesToPublish },
    },
    async (request, reply) => {
      const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
      const published = await deps.publishMessages(body);
      request.noteForAudit({ detail: { messages: published.length } });
      const items = published.map(({ seq, type, callId, isNew }) =>
        known({ seq, type, callId, duplicate: isNew ? undefined : (true as const) }),
      );
      return reply.code(202).send({ items } satisfies PublishedMessages);
    },
  );

  api.post(
    '/api/v1/recordings',
    {
      schema: {
        tags: ['recordings'],
        summary: "Publish a recording of one's own: a call record and its audio",
        description:
          'Two parts in either order. Earshot keeps the audio, and every endpoint gets a link to it that is minted for the push.',
        consumes: ['multipart/form-data'],
        querystring: parametersOf({}),
        response: answers(202, PublishedRecording),
      },
      config: { right: 'operate', audit: 'recording.published', documentedBody: RecordingToPublish },
    },
    async (request, reply) => {
      const { seq, callId, recordingId, isNew } = await readUpload(request, reply, deps.publishRecording);
      request.noteForAudit({ subject: { kind: 'recording', id: recordingId }, detail: { callId } });
      const recordFile = (await deps.links.minter())(recordingId);
      const duplicate = isNew ? undefined : (true as const);
      return reply
        .code(202)
        .send(known({ seq, callId, recordingId, recordFile, duplicate }) satisfies PublishedRecording);
    },
  );
}
