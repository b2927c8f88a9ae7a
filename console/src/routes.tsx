import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { i18n as I18n } from 'i18next';
import { addresses } from './addresses.ts';
import type { Client } from './client.ts';
import { addTexts } from './i18n/start-i18n.ts';
import { NotFoundPage } from './layout/not-found-page.tsx';
import { PagePending } from './parts/page-pending.tsx';
import { PageProblem } from './layout/page-problem.tsx';
import { Shell } from './layout/shell.tsx';
import { pages, type Page } from './pages.ts';
import { auditParameters, parseAuditSearch } from './pages/audit-log/audit-search.ts';
import { callsQuery } from './pages/calls/calls-query.ts';
import { callsParameters, parseCallsSearch, toFilter } from './pages/calls/calls-search.ts';
import { startOfToday } from './pages/calls/use-start-of-today.ts';
import { deliveriesParameters, parseDeliveriesSearch } from './pages/deliveries/deliveries-search.ts';
import { parseQuarantineSearch } from './pages/quarantine/quarantine-search.ts';
import { parseRecordingsSearch } from './pages/recordings/recordings-search.ts';
import { parseSearchText, takesFromAddress, writeSearchText } from './search-text.ts';
import { sessionQuery } from './session/session-query.ts';
import { settledWithin } from './settled-within.ts';

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
    if (session.setupNeeded && !session.account && !session.singleSignOn) {
      throw redirect({ to: addresses.setUp });
    }
    if (!session.account) throw redirect({ to: addresses.signIn, search: { then: location.href } });
    return { account: session.account };
  },
});

/** A page's texts are fetched beside its code. */
const texts =
  ({ texts: namespaces }: Page) =>
  async ({ context }: { context: RouterContext }): Promise<void> => {
    await addTexts(context.i18n, namespaces);
  };

const rowsWithPageMs = 150;

const overview = createRoute({
  getParentRoute: () => shell,
  path: addresses.overview,
  loader: texts(pages.overview),
  component: lazyRouteComponent(pages.overview.load, 'OverviewPage'),
});

const calls = createRoute({
  getParentRoute: () => shell,
  path: addresses.calls,
  ...takesFromAddress(callsParameters, parseCallsSearch),
  loaderDeps: ({ search }) => ({ filter: toFilter(search, startOfToday()) }),
  // Rows that come at once are drawn with the page; it does not wait long for others.
  loader: async ({ context, deps }) => {
    const rows = context.queryClient.infiniteQuery(callsQuery(context.client, deps.filter));
    await Promise.all([texts(pages.calls)({ context }), settledWithin(rowsWithPageMs, rows)]);
  },
  component: lazyRouteComponent(pages.calls.load, 'CallsPage'),
});

const call = createRoute({
  getParentRoute: () => shell,
  path: addresses.call,
  loader: texts(pages.call),
  component: lazyRouteComponent(pages.call.load, 'CallPage'),
});

const endpoints = createRoute({
  getParentRoute: () => shell,
  path: addresses.endpoints,
  loader: texts(pages.endpoints),
  component: lazyRouteComponent(pages.endpoints.load, 'EndpointsPage'),
});

const newEndpoint = createRoute({
  getParentRoute: () => shell,
  path: addresses.newEndpoint,
  loader: texts(pages.newEndpoint),
  component: lazyRouteComponent(pages.newEndpoint.load, 'NewEndpointPage'),
});

/** `show`: opens the signing secret, as after it was made. */
const endpoint = createRoute({
  getParentRoute: () => shell,
  path: addresses.endpoint,
  ...takesFromAddress<{ show?: 'secret' }>(['show'], ({ show }) => (show === 'secret' ? { show } : {})),
  loader: texts(pages.endpoint),
  component: lazyRouteComponent(pages.endpoint.load, 'EndpointPage'),
});

const editEndpoint = createRoute({
  getParentRoute: () => shell,
  path: addresses.editEndpoint,
  loader: texts(pages.editEndpoint),
  component: lazyRouteComponent(pages.editEndpoint.load, 'EditEndpointPage'),
});

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: addresses.deliveries,
  ...takesFromAddress(deliveriesParameters, parseDeliveriesSearch),
  loader: texts(pages.deliveries),
  component: lazyRouteComponent(pages.deliveries.load, 'DeliveriesPage'),
});

const delivery = createRoute({
  getParentRoute: () => shell,
  path: addresses.delivery,
  loader: texts(pages.delivery),
  component: lazyRouteComponent(pages.delivery.load, 'DeliveryPage'),
});

const recordings = createRoute({
  getParentRoute: () => shell,
  path: addresses.recordings,
  ...takesFromAddress(['state', 'all'], parseRecordingsSearch),
  loader: texts(pages.recordings),
  component: lazyRouteComponent(pages.recordings.load, 'RecordingsPage'),
});

const quarantine = createRoute({
  getParentRoute: () => shell,
  path: addresses.quarantine,
  ...takesFromAddress(['reason', 'source', 'received'], parseQuarantineSearch),
  loader: texts(pages.quarantine),
  component: lazyRouteComponent(pages.quarantine.load, 'QuarantinePage'),
});

const quarantineItem = createRoute({
  getParentRoute: () => shell,
  path: addresses.quarantineItem,
  loader: texts(pages.quarantineItem),
  component: lazyRouteComponent(pages.quarantineItem.load, 'QuarantineItemPage'),
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
  loader: texts(pages.settingsSection),
  component: lazyRouteComponent(pages.settingsSection.load, 'SettingsPage'),
});

/** For administrators; the page itself shows anybody else what the server refuses. */
const start = createRoute({
  getParentRoute: () => shell,
  path: addresses.start,
  loader: texts(pages.start),
  component: lazyRouteComponent(pages.start.load, 'StartPage'),
});

const auditLog = createRoute({
  getParentRoute: () => shell,
  path: addresses.auditLog,
  ...takesFromAddress(auditParameters, parseAuditSearch),
  loader: texts(pages.auditLog),
  component: lazyRouteComponent(pages.auditLog.load, 'AuditLogPage'),
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
    if (session.account) throw redirect({ to: addresses.overview });
  },
  loader: texts(pages.signIn),
  component: lazyRouteComponent(pages.signIn.load, 'SignInPage'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: addresses.setUp,
  beforeLoad: async ({ context }) => {
    await context.queryClient.query({ ...sessionQuery(context.client), staleTime: 'static' });
  },
  loader: texts(pages.setUp),
  component: lazyRouteComponent(pages.setUp.load, 'SetUpPage'),
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
