import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * Leaves in `X-Forwarded-For` nothing but addresses. Proxies write ports behind them and brackets around them; some
 * write `unknown`, `_hidden` or `for=…`. An address with a port would be another one for each connection, which no
 * throttle holds. What stands left of something that is no address may be made up: it is dropped, and the proxy that
 * wrote it counts as the client.
 */
export function tidyForwardedFor(request: IncomingMessage): void {
  const header = request.headers['x-forwarded-for'];
  if (header === undefined) return;
  const addresses: string[] = [];
  for (const entry of String(header).split(',').reverse()) {
    const address = readAddress(entry.trim());
    if (address === undefined) break;
    addresses.unshift(address);
  }
  if (addresses.length > 0) request.headers['x-forwarded-for'] = addresses.join(', ');
  else delete request.headers['x-forwarded-for'];
}

/** An address without what a proxy may have put around it; undefined where there is none. */
function readAddress(entry: string): string | undefined {
  const plain =
    /^\[([^\]]*)\](?::\d{1,5})?$/.exec(entry)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(entry)?.[1] ?? entry;
  return isIP(plain) === 0 || plain.includes('%') ? undefined : plain;
}

/** Whether an address is one of the proxies in front: everybody's connections come from there. */
export function toProxyTest(networks: readonly string[] = []): (address: string) => boolean {
  const proxies = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=[\d.]+$)/, '');
    return isIP(plain) !== 0 && proxies.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}
