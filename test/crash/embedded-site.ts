import { openServerProcesses } from '../support/server-process.js';
import { CrashServers } from './crash-servers.js';
import type { CrashSite } from './crash-site.js';

const place = 'data';

/** One server on one data folder: there is nothing else that could be killed. */
export async function openEmbeddedSite(settings: Readonly<Record<string, string>>): Promise<CrashSite> {
  const processes = await openServerProcesses();
  const servers = new CrashServers(processes, () => ({ settings }));
  return {
    places: [place],
    start: (name) => servers.start(name),
    isUp: (server) => servers.isUp(server),
    untilAtWork: () => Promise.resolve(),
    strike: () => servers.kill(place).then(() => 'the server'),
    stop: () => servers.stop(),
    run: (...command) => processes.runWith({ settings }, ...command),
    deaths: servers.deaths,
    words: () => servers.words(),
    close: () => processes.close(),
  };
}
