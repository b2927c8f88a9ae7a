import { Endpoint, EndpointDetail, EndpointTest, SecretRotation } from '../../contract/endpoints.js';
import { parametersOf } from '../../contract/page.js';
import { samplePush } from '../../protocol/sample.js';
import { answers, type Api } from '../api.js';
import type { DeliveryArea } from '../areas.js';
import { toEndpointJson, toEndpointTestJson, whereItSends } from '../delivery-json.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { describeEndpoint, EndpointId, unknownEndpoint } from './endpoint-routes.js';

const defaultOverlapSeconds = 24 * 60 * 60;

/** What can be done with an endpoint. None needs a body. */
export function addEndpointActRoutes(api: Api, deps: DeliveryArea): void {
  addPausing(api, deps, 'pause', 'Stop beginning pushes; what has happened meanwhile is sent afterwards');
  addPausing(api, deps, 'resume', 'Begin pushes again, where it stopped');
  addTest(api, deps);
  addRotation(api, deps);
}

const schema = { tags: ['endpoints'], params: EndpointId, querystring: parametersOf({}) };

function addPausing(api: Api, deps: DeliveryArea, act: 'pause' | 'resume', summary: string): void {
  api.post(
    `/api/v1/endpoints/:id/${act}`,
    {
      config: { right: 'operate', audit: act === 'pause' ? 'endpoint.paused' : 'endpoint.resumed' },
      schema: { ...schema, summary, response: answers(200, Endpoint) },
    },
    async (request): Promise<Endpoint> => {
      const { id } = request.params;
      const endpoint = await deps.endpointsWriter.change(id, { isPaused: act === 'pause' });
      if (!endpoint) throw unknownEndpoint();
      request.noteForAudit({ detail: whereItSends(endpoint) });
      deps.onEndpointsChanged();
      return toEndpointJson(endpoint, await deps.journal.lastSeq());
    },
  );
}

function addTest(api: Api, { endpoints, testEndpoint }: DeliveryArea): void {
  api.post(
    '/api/v1/endpoints/:id/test',
    {
      config: { right: 'operate', audit: 'endpoint.tested' },
      schema: {
        ...schema,
        summary: "Send the specification's sample once, as a push would be, and tell what came of it",
        response: answers(200, EndpointTest),
      },
    },
    async (request): Promise<EndpointTest> => {
      const endpoint = await endpoints.get(request.params.id);
      if (!endpoint) throw unknownEndpoint();
      request.noteForAudit({ detail: whereItSends(endpoint) });
      return toEndpointTestJson(await testEndpoint(endpoint), samplePush);
    },
  );
}

function addRotation(api: Api, deps: DeliveryArea): void {
  const { endpointsWriter, makeWebhookSecret, onEndpointsChanged, clock } = deps;
  api.post(
    '/api/v1/endpoints/:id/rotate-secret',
    {
      schema: {
        ...schema,
        summary: 'Make a new signing secret; pushes are signed with the older ones, too, for a while',
        response: answers(200, EndpointDetail),
      },
      config: { right: 'operate', audit: 'endpoint.secret-rotated', documentedBody: SecretRotation },
    },
    async (request): Promise<EndpointDetail> => {
      const body = readJsonObject(sentBody(request));
      const { overlapSeconds = defaultOverlapSeconds } = checkShape(SecretRotation, body, 'body-invalid');
      const now = clock();
      const endpoint = await endpointsWriter.rotateSecret(
        request.params.id,
        { secret: makeWebhookSecret(), createdAt: now },
        now + overlapSeconds * 1000,
      );
      if (!endpoint) throw unknownEndpoint();
      request.noteForAudit({ detail: whereItSends(endpoint) });
      onEndpointsChanged();
      return describeEndpoint(endpoint, deps);
    },
  );
}
