/**
 * Every address of the console, and how links to it are made. Values go through the router, which encodes
 * them: a callId holds `^` and may hold anything.
 */
export const addresses = {
  overview: '/',
  calls: '/calls',
  call: '/calls/$callId',
  recordings: '/recordings',
  endpoints: '/endpoints',
  newEndpoint: '/endpoints/new',
  endpoint: '/endpoints/$endpointId',
  editEndpoint: '/endpoints/$endpointId/edit',
  deliveries: '/deliveries',
  delivery: '/deliveries/$deliveryId',
  quarantine: '/quarantine',
  quarantineItem: '/quarantine/$itemId',
  auditLog: '/audit-log',
  settings: '/settings',
  settingsSection: '/settings/$section',
  start: '/start',
  signIn: '/sign-in',
  setUp: '/setup',
} as const;
