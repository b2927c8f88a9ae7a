import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import { Overview } from '../../contract/service.js';
import { AppError } from '../../domain/errors.js';
import type { Api } from '../api.js';
import type { Live } from '../live.js';
import { toOverviewJson, type Overview as OverviewFacts } from '../overview-json.js';
import { answers, otherAnswers } from './answers.js';

export interface OverviewRoutesDeps {
  readonly overview: () => Promise<OverviewFacts>;
  readonly live: Pick<Live, 'listen'>;
}

/** The first page, once and as it goes. */
export function addOverviewRoutes(api: Api, { overview, live }: OverviewRoutesDeps): void {
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
          'Ends after five minutes, and when the server stops: listen again.',
        querystring: parametersOf({}),
        response: otherAnswers({
          200: { description: 'Events.', content: { 'text/event-stream': { schema: Type.String() } } },
        }),
      },
    },
    async (_request, reply) => {
      const stream = live.listen();
      if (!stream) {
        reply.header('retry-after', '30');
        throw new AppError('listeners-full', 'This process has as many listeners as it takes.');
      }
      // Proxies that gather answers would hold events back.
      reply.header('x-accel-buffering', 'no');
      return reply.type('text/event-stream; charset=utf-8').send(stream);
    },
  );
}
