import type { ChildRole, ChildRoles } from './child-roles.js';

type Work = (spec: never) => unknown;

/** Each role is loaded in its own process only: the load generator should not carry a web framework. */
const roles: Readonly<Record<ChildRole, () => Promise<Work>>> = {
  load: async () => (await import('../load/run-load.js')).runLoad,
  naive: async () => (await import('../baselines/naive-server.js')).serveNaive,
  'naive-postgres': async () => (await import('../baselines/naive-postgres-server.js')).serveNaivePostgres,
  bare: async () => (await import('../baselines/bare-server.js')).serveBare,
  trivial: async () => (await import('../baselines/trivial-server.js')).serveTrivial,
  files: async () => (await import('../archive/file-server.js')).serveFiles,
  silence: async () => (await import('../archive/file-server.js')).serveSilence,
  receiver: async () => (await import('../deliver/receiver.js')).serveReceiver,
  'push-loop': async () => (await import('../baselines/push-loop.js')).runPushLoop,
  'check-files': async () => (await import('../archive/check-files.js')).checkFiles,
  'data-set': async () => (await import('../data-set/build-data-set.js')).prepareDataSet,
};

/** What a child says to its parent: its answer, or why there is none. */
export type ChildMessage = { readonly answer: unknown } | { readonly failure: string };

/**
 * The other half of `startChild`: takes the spec from the parent, does the work, sends the answer, and stays
 * (servers serve) until the parent ends it or is gone.
 */
export function runChild(role: ChildRole): void {
  process.once('disconnect', () => process.exit());
  process.once('message', (spec: ChildRoles[ChildRole]['spec']) => {
    void work(role, spec).then((message) => process.send?.(message));
  });
}

async function work(role: ChildRole, spec: unknown): Promise<ChildMessage> {
  try {
    const run = await roles[role]();
    return { answer: await run(spec as never) };
  } catch (error) {
    return { failure: (error as Error).stack ?? String(error) };
  }
}
