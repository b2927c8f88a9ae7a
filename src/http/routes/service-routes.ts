import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import { Health, Status } from '../../contract/status.js';
import { AppError } from '../../domain/errors.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { ServiceArea } from '../areas.js';
import { toStatusJson } from '../status-json.js';

export function addServiceRoutes(api: Api, { readiness, status, overview, metrics }: ServiceArea): void {
  const tags = ['service'];

  api.get(
    '/healthz',
    {
      config: { right: 'open', unrecorded: true },
      schema: {
        tags,
        summary: 'Whether the process lives; no key',
        security: [],
        response: answers(200, Health),
      },
    },
    (): Health => ({ status: 'ok' }),
  );

  api.get(
    '/readyz',
    {
      config: { right: 'open', unrecorded: true },
      schema: {
        tags,
        summary: 'Whether this process can do its part: store a push, where it takes them; no key',
        security: [],
        response: answers(200, Health),
      },
    },
    async (): Promise<Health> => {
      const { ready, reason, isSpooling, isStorageFull, isClockOff } = await readiness();
      if (!ready) throw new AppError('not-ready', reason ?? 'Pushes cannot be stored at the moment.');
      return {
        status: 'ready',
        ...(isSpooling ? { inbox: 'spooling' } : {}),
        ...(isStorageFull ? { storage: 'full' } : {}),
        ...(isClockOff ? { clock: 'off' } : {}),
      };
    },
  );

  api.get(
    '/api/v1/status',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'How it goes: rates, lags, recordings by state, the next deadline',
        querystring: parametersOf({}),
        response: answers(200, Status),
      },
    },
    async (): Promise<Status> => toStatusJson(await status()),
  );

  api.get(
    '/metrics',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'Metrics in the text format of Prometheus',
        response: otherAnswers({
          200: { description: 'Metrics.', content: { 'text/plain': { schema: Type.String() } } },
        }),
      },
    },
    async (request, reply) => {
      try {
        metrics.observeStatus(await status());
        metrics.observeOverview(await overview());
      } catch (error) {
        // Counters matter most when the store does not answer: they go out with the gauges as they were.
        request.log.warn({ err: error }, 'metrics without fresh gauges');
      }
      return reply.type(metrics.contentType).send(await metrics.text());
    },
  );

  api.get(
    '/api/v1/openapi.json',
    {
      config: { right: 'any' },
      schema: {
        tags,
        summary: 'This description',
        response: otherAnswers({
          200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: Type.Unknown() } } },
        }),
      },
    },
    () => api.swagger(),
  );
}
