import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { FlatNamespace, i18n as I18n } from 'i18next';
import { addresses } from './addresses.ts';
import type { Client } from './client.ts';
import { NotFoundPage } from './layout/not-found-page.tsx';
import { PagePending } from './layout/page-pending.tsx';
import { PageProblem } from './layout/page-problem.tsx';
import { Shell } from './layout/shell.tsx';
import { parseAuditSearch } from './pages/audit-log/audit-search.ts';
import { parseCallsSearch } from './pages/calls/calls-search.ts';
import { parseDeliveriesSearch } from './pages/deliveries/deliveries-search.ts';
import { parseRecordingsSearch } from './pages/recordings/recordings-search.ts';
import { parseSearchText, writeSearchText } from './search-text.ts';
import { sessionQuery } from './session/session-query.ts';

interface RouterContext {
  readonly client: Client;
  readonly queryClient: QueryClient;
  readonly i18n: I18n;
}

const root = createRootRouteWithContext<RouterContext>()({});

/** Lets in whoever is signed in, and sends everybody else to where they can. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.query({ ...sessionQuery(context.client), staleTime: 'static' });
    if (session.setupNeeded) throw redirect({ to: addresses.setUp });
    if (!session.account) throw redirect({ to: addresses.signIn, search: { then: location.href } });
    return { account: session.account };
  },
});

/** A page's texts are fetched beside its code. */
const texts =
  (...namespaces: readonly FlatNamespace[]) =>
  async ({ context }: { context: RouterContext }): Promise<void> => {
    await context.i18n.loadNamespaces(namespaces);
  };

const overview = createRoute({
  getParentRoute: () => shell,
  path: addresses.overview,
  loader: texts('overview'),
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const calls = createRoute({
  getParentRoute: () => shell,
  path: addresses.calls,
  validateSearch: parseCallsSearch,
  loader: texts('calls', 'player', 'reasons'),
  component: lazyRouteComponent(() => import('./pages/calls/calls-page.tsx'), 'CallsPage'),
});

const call = createRoute({
  getParentRoute: () => shell,
  path: addresses.call,
  loader: texts('call', 'player', 'reasons'),
  component: lazyRouteComponent(() => import('./pages/call/call-page.tsx'), 'CallPage'),
});

const operationsTexts = texts('endpoints', 'exchange', 'reasons');

const endpoints = createRoute({
  getParentRoute: () => shell,
  path: addresses.endpoints,
  loader: operationsTexts,
  component: lazyRouteComponent(() => import('./pages/endpoints/endpoints-page.tsx'), 'EndpointsPage'),
});

const newEndpoint = createRoute({
  getParentRoute: () => shell,
  path: addresses.newEndpoint,
  loader: operationsTexts,
  component: lazyRouteComponent(() => import('./pages/endpoints/new-endpoint-page.tsx'), 'NewEndpointPage'),
});

/** `show`: opens the signing secret, as after it was made. */
const endpoint = createRoute({
  getParentRoute: () => shell,
  path: addresses.endpoint,
  validateSearch: ({ show }: Record<string, unknown>): { show?: 'secret' } =>
    show === 'secret' ? { show } : {},
  loader: operationsTexts,
  component: lazyRouteComponent(() => import('./pages/endpoints/endpoint-page.tsx'), 'EndpointPage'),
});

const editEndpoint = createRoute({
  getParentRoute: () => shell,
  path: addresses.editEndpoint,
  loader: operationsTexts,
  component: lazyRouteComponent(() => import('./pages/endpoints/edit-endpoint-page.tsx'), 'EditEndpointPage'),
});

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: addresses.deliveries,
  validateSearch: parseDeliveriesSearch,
  loader: texts('deliveries', 'exchange', 'reasons'),
  component: lazyRouteComponent(() => import('./pages/deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
});

const delivery = createRoute({
  getParentRoute: () => shell,
  path: addresses.delivery,
  loader: texts('deliveries', 'exchange', 'reasons'),
  component: lazyRouteComponent(() => import('./pages/deliveries/delivery-page.tsx'), 'DeliveryPage'),
});

const recordings = createRoute({
  getParentRoute: () => shell,
  path: addresses.recordings,
  validateSearch: parseRecordingsSearch,
  loader: texts('recordings', 'reasons'),
  component: lazyRouteComponent(() => import('./pages/recordings/recordings-page.tsx'), 'RecordingsPage'),
});

const quarantine = createRoute({
  getParentRoute: () => shell,
  path: addresses.quarantine,
  loader: texts('quarantine', 'reasons'),
  component: lazyRouteComponent(() => import('./pages/quarantine/quarantine-page.tsx'), 'QuarantinePage'),
});

const quarantineItem = createRoute({
  getParentRoute: () => shell,
  path: addresses.quarantineItem,
  loader: texts('quarantine', 'reasons'),
  component: lazyRouteComponent(
    () => import('./pages/quarantine/quarantine-item-page.tsx'),
    'QuarantineItemPage',
  ),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: addresses.settings,
  beforeLoad: () => {
    throw redirect({ to: addresses.settingsSection, params: { section: 'account' }, replace: true });
  },
});

/** One of its tabs. */
const settingsSection = createRoute({
  getParentRoute: () => shell,
  path: addresses.settingsSection,
  loader: texts('settings', 'set-up'),
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

/** For administrators; the page itself shows anybody else what the server refuses. */
const start = createRoute({
  getParentRoute: () => shell,
  path: addresses.start,
  loader: texts('start', 'set-up'),
  component: lazyRouteComponent(() => import('./pages/start/start-page.tsx'), 'StartPage'),
});

const auditLog = createRoute({
  getParentRoute: () => shell,
  path: addresses.auditLog,
  validateSearch: parseAuditSearch,
  loader: texts('audit-log'),
  component: lazyRouteComponent(() => import('./pages/audit-log/audit-log-page.tsx'), 'AuditLogPage'),
});

/** What is no address of ours, told beside the navigation. */
const unknown = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage });

/** `then`: where the reader wanted to go; `refused`: the code of why a sign-in elsewhere came to nothing. */
const signIn = createRoute({
  getParentRoute: () => root,
  path: addresses.signIn,
  validateSearch: ({ then, refused }: Record<string, unknown>): { then?: string; refused?: string } => ({
    ...(typeof then === 'string' ? { then } : {}),
    ...(typeof refused === 'string' ? { refused } : {}),
  }),
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.query({ ...sessionQuery(context.client), staleTime: 'static' });
    if (session.setupNeeded) throw redirect({ to: addresses.setUp });
    if (session.account) throw redirect({ to: addresses.overview });
  },
  loader: texts('sign-in'),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: addresses.setUp,
  beforeLoad: async ({ context }) => {
    await context.queryClient.query({ ...sessionQuery(context.client), staleTime: 'static' });
  },
  loader: texts('sign-in'),
  component: lazyRouteComponent(() => import('./pages/sign-in/set-up-page.tsx'), 'SetUpPage'),
});

const tree = root.addChildren([
  signIn,
  setUp,
  shell.addChildren([
    overview,
    calls,
    call,
    endpoints,
    newEndpoint,
    endpoint,
    editEndpoint,
    deliveries,
    delivery,
    recordings,
    quarantine,
    quarantineItem,
    settings,
    settingsSection,
    start,
    auditLog,
    unknown,
  ]),
]);

export function createConsoleRouter(context: RouterContext) {
  return createRouter({
    routeTree: tree,
    context,
    parseSearch: parseSearchText,
    stringifySearch: writeSearchText,
    defaultPreload: 'intent',
    // TanStack Query keeps what was fetched; the router asks it each time.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageProblem,
  });
}

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: ConsoleRouter;
  }
}
