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
import type { HttpServerParts, SignInArea } from './areas.js';
import { describeApi } from './openapi.js';
import { sendProblem } from './problem.js';
import { maxHeadBytes } from './request-head.js';
import { readBodies } from './request-body.js';
import { addAudioRoutes } from './routes/audio-routes.js';
import { addAuditRoutes } from './routes/audit-routes.js';
import { addHearingRoute } from './routes/hearing-route.js';
import { addHistoryRoute } from './routes/history-route.js';
import { addKeyRoutes } from './routes/key-routes.js';
import { addOwnAccountRoutes } from './routes/own-account-routes.js';
import { addPasskeyRoutes } from './routes/passkey-routes.js';
import { addPeopleRoutes } from './routes/people-routes.js';
import { addSecondFactorRoutes } from './routes/second-factor-routes.js';
import { addSessionRoutes } from './routes/session-routes.js';
import { addSetupRoute } from './routes/setup-route.js';
import { addSingleSignOnRoutes } from './routes/single-sign-on-routes.js';
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
import { createSessionCookie } from './session-cookie.js';
import { acceptUploads } from './upload.js';

/** Answers everything but pushes. */
export interface ApiHandler {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Builds the API: routes, who may ask, the audit log, problems, description. It has no socket of its own. */
export async function createApi(parts: HttpServerParts): Promise<ApiHandler> {
  const { server, people } = parts;
  const logger: FastifyBaseLogger = server.logger;
  const sessionCookie = createSessionCookie(people);
  const whoAsks = createWhoAsks({ ...people, verifyKey: createKeyVerifier(people), sessionCookie });
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    // Whose word about where a request comes from is believed.
    trustProxy: server.trustedProxies?.length ? [...server.trustedProxies] : false,
    // Records of its own, see request-records.ts: Fastify's would hold the address as it came.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    routerOptions: { maxParamLength: maxHeadBytes },
    // A parameter that is unknown is refused, not dropped; one given twice is not silently a list.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true } },
    frameworkErrors: (error, request, reply) => {
      void refuseUnroutable(error, request, reply, whoAsks);
    },
  });
  guard(app, whoAsks, people);
  auditRequests(app, people.auditor);
  tellRefusals(app, people);
  hideLinksFromThose(app);
  answerOtherwise(app, server.serves?.api === false ? undefined : server.consoleFiles);
  recordRequests(app, parts.service.metrics.observeRequest);
  addRoutes(app, parts, { ...people, sessionCookie });
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

function addRoutes(app: FastifyInstance, parts: HttpServerParts, signIn: SignInArea): void {
  const servesApi = parts.server.serves?.api !== false;
  describeApi(app, parts.people.version);
  app.register((instance, _options, done) => {
    const api: Api = instance.withTypeProvider();
    demandRights(api);
    const addWrongMethods = watchMethods(api);
    addServiceRoutes(api, parts.service);
    if (servesApi) addAreas(api, parts, signIn);
    addWrongMethods();
    // Behind those: these addresses answer to wrong methods in their own words.
    if (servesApi) addLinkRoutes(api, parts.recordings);
    done();
  });
}

function addAreas(api: Api, parts: HttpServerParts, signIn: SignInArea): void {
  const { people, calls, recordings, messages, exports, quarantine, delivery, sources, service } = parts;
  addSessionRoutes(api, signIn);
  addSetupRoute(api, signIn);
  addSingleSignOnRoutes(api, signIn);
  addPasskeyRoutes(api, signIn);
  addOwnAccountRoutes(api, people);
  addSecondFactorRoutes(api, people);
  addPeopleRoutes(api, people);
  addKeyRoutes(api, people);
  addAuditRoutes(api, people);

  addCallRoutes(api, calls);
  addHistoryRoute(api, calls);
  addCommentRoutes(api, calls);
  addTagRoutes(api, calls);
  addViewRoutes(api, calls);

  addRecordingRoutes(api, recordings);
  addAudioRoutes(api, recordings);
  addHearingRoute(api, recordings);
  addWaveformRoutes(api, recordings);
  addRemovalRoute(api, recordings);

  addFeedRoutes(api, messages);
  addPublishRoutes(api, messages);
  addExportRoutes(api, exports);
  addExportFileRoutes(api, exports);
  addQuarantineRoutes(api, quarantine);
  addQuarantineChoiceRoutes(api, quarantine);

  addEndpointRoutes(api, delivery);
  addEndpointActRoutes(api, delivery);
  addDeliveryRoutes(api, delivery);
  addCauseRoutes(api, delivery);
  addReplayRoutes(api, delivery);

  addSourceRoutes(api, sources);
  addOverviewRoutes(api, service);
  addSettingsRoutes(api, service);
  addDemoRoutes(api, service);
}
