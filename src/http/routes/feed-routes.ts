import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { RecentActs } from '../../access/auditor.js';
import { FeedPage, FeedParameters } from '../../contract/messages.js';
import { defaultLimit } from '../../contract/page.js';
import { AppError } from '../../domain/errors.js';
import { messageTypes } from '../../protocol/message.js';
import { type Entry, type EntryType, eventTypes } from '../../store/journal.js';
import { maxPageBytes } from '../../domain/cut-page.js';
import { answers, type Api, jsonMediaType } from '../api.js';
import type { MessageArea } from '../areas.js';
import type { EntryNotifier } from '../../live/entry-notifier.js';
import { withEntries } from '../entry-json.js';

const entryTypes: readonly string[] = [...messageTypes, ...eventTypes];

/** A reader asks without end: it is recorded once within this time. */
const readMs = 10 * 60 * 1000;

export function addFeedRoutes(api: Api, { journal, notifier, links, clock }: MessageArea): void {
  const told = new RecentActs(readMs, clock);
  api.get(
    '/api/v1/messages',
    {
      config: { right: 'download', audit: 'messages.read' },
      schema: {
        tags: ['messages'],
        summary: 'The journal as a pull feed: in the order of seq, complete, resumable',
        description:
          'With `wait` at the end of the journal, the answer comes with the next entry, or empty after that many seconds.',
        querystring: FeedParameters,
        response: answers(200, FeedPage),
      },
    },
    async (request, reply) => {
      const { after = 0, limit = defaultLimit, types, wait = 0 } = request.query;
      const asked = readTypes(types);
      const read = () => journal.read(after, limit, asked, maxPageBytes);
      const entries = await (wait === 0 ? read() : readWhenThere(read, notifier, wait * 1000, reply.raw));
      const nextAfter = entries.at(-1)?.seq ?? after;
      noteReading(request, entries.length === 0 ? undefined : after, told);
      const mintLink = await links.minter();
      return reply.type(jsonMediaType).send(await withEntries({ nextAfter }, 'items', entries, { mintLink }));
    },
  );
}

/** Who found something, once in a while; what was found is in the journal. */
function noteReading(request: FastifyRequest, after: number | undefined, told: RecentActs): void {
  const { id } = request.actor;
  if (after === undefined || told.has(id)) {
    request.noteForAudit(null);
    return;
  }
  request.noteForAudit({
    detail: { after },
    onWritten: () => {
      told.add(id);
    },
  });
}

/** Reads once for each notification, until there is something, the time is over, the reader has gone or the server stops. */
async function readWhenThere(
  read: () => Promise<Entry[]>,
  notifier: EntryNotifier,
  waitMs: number,
  connection: ServerResponse,
): Promise<Entry[]> {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  const timer = setTimeout(end, waitMs);
  connection.once('close', end);
  try {
    for (;;) {
      const { version } = notifier;
      const entries = await read();
      if (entries.length > 0 || over.signal.aborted || notifier.isEnded) return entries;
      await notifier.wait(version, over.signal);
    }
  } finally {
    clearTimeout(timer);
    connection.off('close', end);
  }
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
