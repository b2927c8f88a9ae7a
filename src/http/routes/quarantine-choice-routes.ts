import { setImmediate as nextTurn } from 'node:timers/promises';
import { parametersOf } from '../../contract/page.js';
import {
  QuarantineChoice,
  QuarantineDiscarded,
  QuarantineKindList,
  QuarantineKindParameters,
  QuarantineRetriedMany,
  QuarantineRetryChoice,
} from '../../contract/quarantine.js';
import { AppError } from '../../domain/errors.js';
import type { QuarantineItem } from '../../store/quarantine.js';
import { answers, type Api } from '../api.js';
import type { QuarantineArea } from '../areas.js';
import { fromQuarantineCursor, toQuarantineCursor } from '../cursor.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { known } from '../json-values.js';
import { toChosen, toQuarantineFilter } from './quarantine-routes.js';

/** Deleted in one transaction: some milliseconds of the store's writer. */
const discardedAtOnce = 500;
/** Bounds of one request; more takes another request. */
const maxDiscarded = 20_000;
const maxRetried = 100;
const maxRetriedBytes = 8 * 1024 * 1024;

const tags = ['quarantine'];
const querystring = parametersOf({});

/** What is done with all items that a filter chooses. */
export function addQuarantineChoiceRoutes(api: Api, deps: QuarantineArea): void {
  api.get(
    '/api/v1/quarantine/kinds',
    {
      config: { right: 'operate' },
      schema: {
        tags,
        summary: 'Count what is in quarantine, by source and reason',
        querystring: QuarantineKindParameters,
        response: answers(200, QuarantineKindList),
      },
    },
    async (request): Promise<QuarantineKindList> => ({
      items: await deps.quarantine.kinds(toQuarantineFilter(request.query)),
    }),
  );
  addDiscarding(api, deps);
  addRetrying(api, deps);
}

function addDiscarding(api: Api, { quarantineWriter }: QuarantineArea): void {
  api.post(
    '/api/v1/quarantine/discard',
    {
      config: { right: 'operate', audit: 'quarantine.discarded', documentedBody: QuarantineChoice },
      schema: {
        tags,
        summary: 'Delete all items of a choice for good',
        description: 'Up to 20,000 at once; `hasMore` says whether to ask again.',
        querystring,
        response: answers(200, QuarantineDiscarded),
      },
    },
    async (request): Promise<QuarantineDiscarded> => {
      const choice = checkShape(QuarantineChoice, readJsonObject(sentBody(request)), 'body-invalid');
      const filter = toChosen(choice);
      const total = { items: 0, bytes: 0, hasMore: true };
      while (total.hasMore && total.items < maxDiscarded) {
        const { count, bytes } = await quarantineWriter.discardChosen(filter, discardedAtOnce);
        total.items += count;
        total.bytes += bytes;
        total.hasMore = count === discardedAtOnce;
      }
      request.noteForAudit({ detail: { ...choice, items: total.items } });
      return total;
    },
  );
}

function addRetrying(api: Api, { quarantine, retryQuarantined }: QuarantineArea): void {
  const retryOne = async (id: string, total: Record<RetryCount, number>): Promise<void> => {
    try {
      const { appended, duplicates } = await retryQuarantined(id);
      total.items += 1;
      total.messages += appended;
      total.duplicates += duplicates;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // One that was taken out meanwhile does not count.
      if (error.code === 'quarantine-still-unreadable') total.unreadable += 1;
      else if (error.code !== 'quarantine-item-unknown') throw error;
    }
  };
  api.post(
    '/api/v1/quarantine/retry',
    {
      config: { right: 'operate', audit: 'quarantine.retried', documentedBody: QuarantineRetryChoice },
      schema: {
        tags,
        summary: 'Sort all items of a choice again, as they were received',
        description:
          'After an upgrade that understands more. Up to 100 at once; with `nextCursor` ask again, as `cursor`.',
        querystring,
        response: answers(200, QuarantineRetriedMany),
      },
    },
    async (request): Promise<QuarantineRetriedMany> => {
      const body = readJsonObject(sentBody(request));
      const { cursor, ...choice } = checkShape(QuarantineRetryChoice, body, 'body-invalid');
      const after = cursor === undefined ? undefined : fromQuarantineCursor(cursor);
      const page = await quarantine.list(known({ ...toChosen(choice), limit: maxRetried, after }));
      const items = withinBytes(page.items);
      const total = { items: 0, messages: 0, duplicates: 0, unreadable: 0 };
      for (const { id } of items) {
        await retryOne(id, total);
        // Pushes are acknowledged in between.
        await nextTurn();
      }
      request.noteForAudit({ detail: { ...choice, ...total } });
      const last = items.length < page.items.length ? items.at(-1)?.id : page.next;
      return known({ ...total, nextCursor: last === undefined ? undefined : toQuarantineCursor(last) });
    },
  );
}

type RetryCount = 'items' | 'messages' | 'duplicates' | 'unreadable';

function withinBytes(items: readonly QuarantineItem[]): readonly QuarantineItem[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => (bytes += item.bytes) > maxRetriedBytes && index > 0);
  return end === -1 ? items : items.slice(0, end);
}
