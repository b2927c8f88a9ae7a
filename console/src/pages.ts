import type { FlatNamespace } from 'i18next';
import { addresses } from './addresses.ts';
import { fetchPart } from './fetch-part.ts';

export interface Page {
  /** A module, fetched once. */
  readonly load: () => Promise<unknown>;
  /** What is fetched beside it. */
  readonly texts: readonly FlatNamespace[];
}

const textsOfEndpoints = ['endpoints', 'exchange', 'reasons'] as const;
const textsOfDeliveries = ['deliveries', 'exchange', 'reasons'] as const;

/** The code and the texts of what each address shows. `settings` leads on to one of its sections. */
export const pages = {
  overview: {
    load: () => fetchPart(() => import('./pages/overview/overview-page.tsx')),
    texts: ['overview'],
  },
  calls: {
    load: () => fetchPart(() => import('./pages/calls/calls-page.tsx')),
    texts: ['calls', 'player', 'reasons'],
  },
  call: {
    load: () => fetchPart(() => import('./pages/call/call-page.tsx')),
    texts: ['call', 'player', 'reasons'],
  },
  endpoints: {
    load: () => fetchPart(() => import('./pages/endpoints/endpoints-page.tsx')),
    texts: textsOfEndpoints,
  },
  newEndpoint: {
    load: () => fetchPart(() => import('./pages/endpoints/new-endpoint-page.tsx')),
    texts: textsOfEndpoints,
  },
  endpoint: {
    load: () => fetchPart(() => import('./pages/endpoints/endpoint-page.tsx')),
    texts: textsOfEndpoints,
  },
  editEndpoint: {
    load: () => fetchPart(() => import('./pages/endpoints/edit-endpoint-page.tsx')),
    texts: textsOfEndpoints,
  },
  deliveries: {
    load: () => fetchPart(() => import('./pages/deliveries/deliveries-page.tsx')),
    texts: textsOfDeliveries,
  },
  delivery: {
    load: () => fetchPart(() => import('./pages/deliveries/delivery-page.tsx')),
    texts: textsOfDeliveries,
  },
  recordings: {
    load: () => fetchPart(() => import('./pages/recordings/recordings-page.tsx')),
    texts: ['recordings', 'reasons'],
  },
  quarantine: {
    load: () => fetchPart(() => import('./pages/quarantine/quarantine-page.tsx')),
    texts: ['quarantine', 'reasons'],
  },
  quarantineItem: {
    load: () => fetchPart(() => import('./pages/quarantine/quarantine-item-page.tsx')),
    texts: ['quarantine', 'reasons'],
  },
  settingsSection: {
    load: () => fetchPart(() => import('./pages/settings/settings-page.tsx')),
    texts: ['settings', 'set-up'],
  },
  start: { load: () => fetchPart(() => import('./pages/start/start-page.tsx')), texts: ['start', 'set-up'] },
  auditLog: {
    load: () => fetchPart(() => import('./pages/audit-log/audit-log-page.tsx')),
    texts: ['audit-log'],
  },
  signIn: { load: () => fetchPart(() => import('./pages/sign-in/sign-in-page.tsx')), texts: ['sign-in'] },
  setUp: { load: () => fetchPart(() => import('./pages/sign-in/set-up-page.tsx')), texts: ['sign-in'] },
} as const satisfies Partial<Record<keyof typeof addresses, Page>>;

/** Before the router is there, which decides; an address that none of them has is none of ours. */
export function pageAt(path: string): Page | undefined {
  const names = Object.keys(pages) as (keyof typeof pages)[];
  // What is written out comes before what any value fits: /endpoints/new is not the endpoint "new".
  const fitting = names.filter((name) => fits(addresses[name], path));
  const name = fitting.find((each) => !addresses[each].includes('$')) ?? fitting[0];
  return name && pages[name];
}

function fits(address: string, path: string): boolean {
  const [parts, given] = [address.split('/'), path.replace(/(?<=.)\/$/, '').split('/')];
  return (
    parts.length === given.length &&
    parts.every((part, index) => part.startsWith('$') || part === given[index])
  );
}
