import type { Api } from '../api.js';
import { addAuditRoutes, type AuditRoutesDeps } from './audit-routes.js';
import { addHearingRoute, type HearingRouteDeps } from './hearing-route.js';
import { addHistoryRoute, type HistoryRouteDeps } from './history-route.js';
import { addKeyRoutes, type KeyRoutesDeps } from './key-routes.js';
import { addOwnAccountRoutes, type OwnAccountRoutesDeps } from './own-account-routes.js';
import { addPasskeyRoutes, type PasskeyRoutesDeps } from './passkey-routes.js';
import { addPeopleRoutes, type PeopleRoutesDeps } from './people-routes.js';
import { addSecondFactorRoutes, type SecondFactorRoutesDeps } from './second-factor-routes.js';
import { addSessionRoutes, type SessionRoutesDeps } from './session-routes.js';
import { addSingleSignOnRoutes, type SingleSignOnRoutesDeps } from './single-sign-on-routes.js';
import { addSetupRoute, type SetupRouteDeps } from './setup-route.js';

export type AccessRoutesDeps = SessionRoutesDeps &
  OwnAccountRoutesDeps &
  SecondFactorRoutesDeps &
  PasskeyRoutesDeps &
  SetupRouteDeps &
  PeopleRoutesDeps &
  KeyRoutesDeps &
  AuditRoutesDeps &
  HearingRouteDeps &
  HistoryRouteDeps &
  SingleSignOnRoutesDeps;

/** People, their sessions and keys, and what they did. */
export function addAccessRoutes(api: Api, deps: AccessRoutesDeps): void {
  addSessionRoutes(api, deps);
  addOwnAccountRoutes(api, deps);
  addSecondFactorRoutes(api, deps);
  addPasskeyRoutes(api, deps);
  addSetupRoute(api, deps);
  addSingleSignOnRoutes(api, deps);
  addPeopleRoutes(api, deps);
  addKeyRoutes(api, deps);
  addAuditRoutes(api, deps);
  addHearingRoute(api, deps);
  addHistoryRoute(api, deps);
}
