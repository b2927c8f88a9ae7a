import { parametersOf } from '../../contract/page.js';
import { DemoState } from '../../contract/service.js';
import { answers, type Api } from '../api.js';
import type { ServiceArea } from '../areas.js';

/** Made-up calls for trying Earshot out. */
export function addDemoRoutes(api: Api, { demo }: ServiceArea): void {
  const schema = { tags: ['service'], querystring: parametersOf({}) };

  api.get(
    '/api/v1/demo',
    {
      config: { right: 'administer', unrecorded: true },
      schema: {
        ...schema,
        summary: 'Whether there are demo data, and how far they are',
        response: answers(200, DemoState),
      },
    },
    () => demo.state(),
  );

  api.post(
    '/api/v1/demo',
    {
      config: { right: 'administer', audit: 'demo.loaded' },
      schema: {
        ...schema,
        summary: 'Load demo data: some 200 calls of the last seven days, pushed as a sender would',
        description:
          'Needs no body. Only on an instance without calls and endpoints of its own that one process runs; GET tells how far it is.',
        response: answers(202, DemoState),
      },
    },
    async (_request, reply): Promise<DemoState> => {
      const state = await demo.load();
      reply.code(202);
      return state;
    },
  );

  api.delete(
    '/api/v1/demo',
    {
      config: { right: 'administer', audit: 'demo.removed' },
      schema: {
        ...schema,
        summary: 'Remove demo data: everything that came with them, the audio first',
        description:
          'Harmless where there are none. What was interrupted goes on when it is asked again. The journal keeps one line, `source.erased`.',
        response: answers(202, DemoState),
      },
    },
    async (_request, reply): Promise<DemoState> => {
      const state = await demo.remove();
      reply.code(202);
      return state;
    },
  );
}
