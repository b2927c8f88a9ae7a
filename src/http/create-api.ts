import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Api } from './api.js';
import { auditRequests, recordRequests, tellRefusals } from './request-records.js';
import { createWhoAsks, guard, identify, type WhoAsks } from './authentication.js';
import { addConsoleFiles, answerUnmatched, type ConsoleFiles } from './console-files.js';
import { demandRights, hideLinksFromThose } from './rights.js';
import { createKeyVerifier } from './key-verifier.js';
import { tidyForwardedFor } from './proxies.js';
import type { HttpServerDeps } from './http-server-deps.js';
import { describeApi } from './openapi.js';
import { sendProblem } from './problem.js';
import { maxHeadBytes } from './request-head.js';
import { readBodies } from './request-body.js';
import { addAccessRoutes } from './routes/access-routes.js';
import { addAudioRoutes } from './routes/audio-routes.js';
import { addCallRoutes } from './routes/call-routes.js';
import { addCauseRoutes, addDeliveryRoutes } from './routes/delivery-routes.js';
import { addCommentRoutes } from './routes/comment-routes.js';
import { addDemoRoutes } from './routes/demo-routes.js';
import { addEndpointActRoutes } from './routes/endpoint-act-routes.js';
import { addEndpointRoutes } from './routes/endpoint-routes.js';
import { addExportFileRoutes } from './routes/export-file-routes.js';
import { addExportRoutes } from './routes/export-routes.js';
import { addFeedRoutes } from './routes/feed-routes.js';
import { addLinkRoutes, isLinkAddress, refuseChangedLink } from './routes/link-routes.js';
import { addOverviewRoutes } from './routes/overview-routes.js';
import { addPublishRoutes } from './routes/publish-routes.js';
import { addQuarantineChoiceRoutes } from './routes/quarantine-choice-routes.js';
import { addQuarantineRoutes } from './routes/quarantine-routes.js';
import { addRecordingRoutes, addRemovalRoute } from './routes/recording-routes.js';
import { addReplayRoutes } from './routes/replay-routes.js';
import { addServiceRoutes } from './routes/service-routes.js';
import { addSettingsRoutes } from './routes/settings-routes.js';
import { addSourceRoutes } from './routes/source-routes.js';
import { addTagRoutes } from './routes/tag-routes.js';
import { addViewRoutes } from './routes/view-routes.js';
import { addWaveformRoutes } from './routes/waveform-routes.js';
import { isGuarded, watchMethods } from './unmatched.js';
import { createSessionCookie, type SessionCookie } from './session-cookie.js';
import { acceptUploads } from './upload.js';

/** Answers everything but pushes. */
export interface ApiHandler {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Builds the API: routes, who may ask, the audit log, problems, description. It has no socket of its own. */
export async function createApi(deps: HttpServerDeps): Promise<ApiHandler> {
  const logger: FastifyBaseLogger = deps.logger;
  const verifyKey = createKeyVerifier(deps);
  const sessionCookie = createSessionCookie(deps);
  const whoAsks = createWhoAsks({ ...deps, verifyKey, sessionCookie });
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    // Whose word about where a request comes from is believed.
    trustProxy: deps.trustedProxies?.length ? [...deps.trustedProxies] : false,
    // Records of its own, see request-records.ts: Fastify's would hold the address as it came.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    routerOptions: { maxParamLength: maxHeadBytes },
    // A parameter that is unknown is refused, not dropped; one given twice is not silently a list.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true } },
    frameworkErrors: (error, request, reply) => {
      void refuseUnroutable(error, request, reply, whoAsks);
    },
  });
  guard(app, whoAsks, deps);
  auditRequests(app, deps.auditor);
  tellRefusals(app, deps);
  hideLinksFromThose(app);
  answerOtherwise(app, deps.serves?.api === false ? undefined : deps.consoleFiles);
  recordRequests(app, deps.metrics.observeRequest);
  addRoutes(app, { ...deps, sessionCookie });
  await app.ready();
  return {
    handle: (request, response) => {
      tidyForwardedFor(request);
      app.routing(request, response);
    },
    close: () => app.close(),
  };
}

function answerOtherwise(app: FastifyInstance, consoleFiles: ConsoleFiles | undefined): void {
  if (consoleFiles) addConsoleFiles(app, consoleFiles);
  app.setNotFoundHandler(answerUnmatched(consoleFiles));
  app.setErrorHandler(sendProblem);
  app.setSerializerCompiler(() => JSON.stringify);
  readBodies(app);
  acceptUploads(app);
}

/** An address that no router can read has passed no hook: it is guarded here. */
async function refuseUnroutable(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  whoAsks: WhoAsks,
): Promise<void> {
  try {
    if (isLinkAddress(request.url)) {
      refuseChangedLink(request, reply);
      return;
    }
    if (isGuarded(request.url)) await identify(request, reply, whoAsks);
    sendProblem(error, request, reply);
  } catch (refusal) {
    sendProblem(refusal, request, reply);
  }
}

function addRoutes(
  app: FastifyInstance,
  deps: HttpServerDeps & { readonly sessionCookie: SessionCookie },
): void {
  describeApi(app, deps.version);
  app.register((instance, _options, done) => {
    const api: Api = instance.withTypeProvider();
    demandRights(api);
    const addWrongMethods = watchMethods(api);
    addServiceRoutes(api, deps);
    if (deps.serves?.api !== false) {
      addAccessRoutes(api, deps);
      addCallRoutes(api, deps);
      addRecordingRoutes(api, deps);
      addAudioRoutes(api, deps);
      addWaveformRoutes(api, deps);
      addRemovalRoute(api, deps);
      addQuarantineRoutes(api, deps);
      addQuarantineChoiceRoutes(api, deps);
      addFeedRoutes(api, deps);
      addExportRoutes(api, deps);
      addExportFileRoutes(api, deps);
      addPublishRoutes(api, deps);
      addEndpointRoutes(api, deps);
      addEndpointActRoutes(api, deps);
      addDeliveryRoutes(api, deps);
      addReplayRoutes(api, deps);
      addCommentRoutes(api, deps);
      addTagRoutes(api, deps);
      addViewRoutes(api, deps);
      addSourceRoutes(api, deps);
      addOverviewRoutes(api, deps);
      addSettingsRoutes(api, deps);
      addCauseRoutes(api, deps);
      addDemoRoutes(api, deps);
    }
    addWrongMethods();
    // Behind those: these addresses answer to wrong methods in their own words.
    if (deps.serves?.api !== false) addLinkRoutes(api, deps);
    done();
  });
}
