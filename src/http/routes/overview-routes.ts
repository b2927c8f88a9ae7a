import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import { Overview } from '../../contract/service.js';
import { AppError } from '../../domain/errors.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { ServiceArea } from '../areas.js';
import { known, toInstant, toInstantWhereKnown } from '../json-values.js';
import type { Overview as OverviewFacts } from '../../telemetry/overview.js';

/** A session that has ended gets no events after this. */
const sessionCheckMs = 2_000;

/** The first page, once and as it goes. */
export function addOverviewRoutes(api: Api, { overview, live, sessions, clock }: ServiceArea): void {
  const tags = ['service'];

  api.get(
    '/api/v1/overview',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'What the first page shows beside the status: the last hour, the expiry radar, the storage',
        querystring: parametersOf({}),
        response: answers(200, Overview),
      },
    },
    async (): Promise<Overview> => toOverviewJson(await overview()),
  );

  api.get(
    '/api/v1/live',
    {
      // A HEAD would listen, too.
      exposeHeadRoute: false,
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'How it goes, as it goes: server-sent events',
        description:
          '`status` every two seconds (the data is that of /api/v1/status), `calls` when there are new ones, `exports` when one moved. ' +
          'Ends after five minutes, with the session, and when the server stops: listen again.',
        querystring: parametersOf({}),
        response: otherAnswers({
          200: { description: 'Events.', content: { 'text/event-stream': { schema: Type.String() } } },
        }),
      },
    },
    async (request, reply) => {
      const stream = live.listen();
      if (!stream) {
        reply.header('retry-after', '30');
        throw new AppError('listeners-full', 'This process has as many listeners as it takes.');
      }
      const hash = request.session?.session.hash;
      if (hash !== undefined) {
        const check = setInterval(() => {
          // Asked of the store itself: to listen is not to use a session, which would never end.
          sessions.find(hash, clock()).then(
            (found) => found ?? stream.push(null),
            () => undefined,
          );
        }, sessionCheckMs);
        stream.once('close', () => {
          clearInterval(check);
        });
      }
      // Proxies that gather answers would hold events back.
      reply.header('x-accel-buffering', 'no');
      return reply.type('text/event-stream; charset=utf-8').send(stream);
    },
  );
}

function toOverviewJson({ recent, radar, storage, archivedByHour, lastPushAt }: OverviewFacts): Overview {
  return known({
    recent: recent.map((sample) => ({ ...sample, at: toInstant(sample.at) })),
    radar: { overdue: radar.overdue, hours: [...radar.hours] },
    storage: { ...storage },
    archivedByHour: archivedByHour.map(({ hour, recordings, bytes }) => ({
      hour: toInstant(hour),
      recordings,
      bytes,
    })),
    lastPushAt: toInstantWhereKnown(lastPushAt),
  });
}
