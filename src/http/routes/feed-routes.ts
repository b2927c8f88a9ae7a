import { FeedPage, FeedParameters } from '../../contract/messages.js';
import { defaultLimit } from '../../contract/page.js';
import { AppError } from '../../domain/errors.js';
import { messageTypes } from '../../protocol/message.js';
import { eventTypes, type EntryType, type JournalReader } from '../../store/journal.js';
import { jsonMediaType, type Api } from '../api.js';
import { withEntries } from '../entry-json.js';
import { answers } from './answers.js';

export interface FeedRoutesDeps {
  readonly journal: Pick<JournalReader, 'read'>;
}

const entryTypes: readonly string[] = [...messageTypes, ...eventTypes];

export function addFeedRoutes(api: Api, { journal }: FeedRoutesDeps): void {
  api.get(
    '/api/v1/messages',
    {
      schema: {
        tags: ['messages'],
        summary: 'The journal as a pull feed: in the order of seq, complete, resumable',
        querystring: FeedParameters,
        response: answers(200, FeedPage),
      },
    },
    async (request, reply) => {
      const { after = 0, limit = defaultLimit, types } = request.query;
      const entries = await journal.read(after, limit, readTypes(types));
      const nextAfter = entries.at(-1)?.seq ?? after;
      return reply.type(jsonMediaType).send(withEntries({ nextAfter }, 'items', entries));
    },
  );
}

/** Events are left out unless asked for. Throws `parameter-invalid` for a word that is no type. */
function readTypes(list: string | undefined): readonly EntryType[] {
  const names = (list ?? '').split(',').map((name) => name.trim());
  const asked = names.filter((name) => name !== '');
  if (asked.length === 0) return messageTypes;
  for (const name of asked) {
    if (!entryTypes.includes(name)) {
      throw new AppError('parameter-invalid', `\`types\` must be some of ${entryTypes.join(', ')}.`);
    }
  }
  return asked as EntryType[];
}
