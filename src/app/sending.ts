import { randomBytes } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import type { EndpointActRoutesDeps } from '../http/routes/endpoint-act-routes.js';
import type { ReplayRoutesDeps } from '../http/routes/replay-routes.js';
import type { DeliveryRoutesDeps } from '../http/routes/delivery-routes.js';
import { createAddressGuard } from '../net/address-guard.js';
import { systemLookup } from '../net/guarded-connect.js';
import { createTargetCheck } from '../net/target-check.js';
import { toWebhookSecret } from '../protocol/webhook-signature.js';
import type { Config } from './config.js';

type Sending = Pick<EndpointActRoutesDeps, 'checkTarget' | 'makeWebhookSecret' | 'testEndpoint'> &
  Pick<ReplayRoutesDeps, 'previewReplay' | 'onEndpointsChanged'> &
  Pick<DeliveryRoutesDeps, 'makeWebhookId'>;

/** What the routes of endpoints, deliveries and replays need beside the store. */
export function createSending({ allowNetworks }: Pick<Config, 'allowNetworks'>): Sending {
  return {
    checkTarget: createTargetCheck({ guard: createAddressGuard(allowNetworks), lookup: systemLookup }),
    makeWebhookSecret: () => toWebhookSecret(randomBytes(32)),
    makeWebhookId: () => `msg_${randomBytes(16).toString('base64url')}`,
    testEndpoint: () => Promise.reject(nobodySends()),
    previewReplay: () => Promise.reject(nobodySends()),
    onEndpointsChanged: () => undefined,
  };
}

function nobodySends(): AppError {
  return new AppError('not-ready', 'This version of Earshot sends nothing yet.');
}
