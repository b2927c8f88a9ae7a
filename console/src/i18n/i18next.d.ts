import type auditLog from './en/audit-log.json';
import type call from './en/call.json';
import type calls from './en/calls.json';
import type common from './en/common.json';
import type deliveries from './en/deliveries.json';
import type endpoints from './en/endpoints.json';
import type exchange from './en/exchange.json';
import type overview from './en/overview.json';
import type player from './en/player.json';
import type problems from './en/problems.json';
import type quarantine from './en/quarantine.json';
import type reasons from './en/reasons.json';
import type recordings from './en/recordings.json';
import type settings from './en/settings.json';
import type setUp from './en/set-up.json';
import type signIn from './en/sign-in.json';
import type start from './en/start.json';

// The keys of the English files are the keys that `t` takes. A page adds its own file here.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      common: typeof common;
      overview: typeof overview;
      calls: typeof calls;
      call: typeof call;
      endpoints: typeof endpoints;
      deliveries: typeof deliveries;
      exchange: typeof exchange;
      player: typeof player;
      problems: typeof problems;
      quarantine: typeof quarantine;
      reasons: typeof reasons;
      recordings: typeof recordings;
      settings: typeof settings;
      'sign-in': typeof signIn;
      'set-up': typeof setUp;
      start: typeof start;
      'audit-log': typeof auditLog;
    };
  }
}
