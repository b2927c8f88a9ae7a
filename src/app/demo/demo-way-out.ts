import { createAddressGuard } from '../../net/address-guard.js';
import { createGuardedClient, type GuardedClient } from '../../net/guarded-fetch.js';
import type { HostFilter } from '../../domain/host-pattern.js';

const loopback = '127.0.0.1';

export interface DemoWayOut {
  readonly client: Pick<GuardedClient, 'request'>;
  readonly allowsHost: HostFilter;
  /** From now on this port of this machine may be asked, and nothing else there; undefined: nothing is. */
  open(port: number | undefined): void;
  close(): void;
}

/**
 * The way out to a storage of demo data on this machine, which no recording may come from otherwise. It is a client of
 * its own: opening the usual one's guard would let any host name that leads to loopback pass, on any port.
 */
export function createDemoWayOut(usual: Pick<GuardedClient, 'request'>, allowsUsual: HostFilter): DemoWayOut {
  const demo = createGuardedClient({ guard: createAddressGuard([loopback]) });
  let openPort: number | undefined;
  const allowsDemo: HostFilter = (hostname, port) => hostname === loopback && port === openPort;
  return {
    client: {
      request: (request) =>
        leadsTo(request.url, openPort)
          ? demo.request({ ...request, allowsHost: allowsDemo })
          : usual.request(request),
    },
    allowsHost: (hostname, port) => allowsUsual(hostname, port) || allowsDemo(hostname, port),
    open: (port) => {
      openPort = port;
    },
    close: () => {
      demo.close();
    },
  };
}

function leadsTo(url: string, port: number | undefined): boolean {
  return port !== undefined && URL.canParse(url) && new URL(url).origin === `http://${loopback}:${port}`;
}
