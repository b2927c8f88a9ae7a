/**
 * The vendor's storage hosts (specification page, section 4). Anyone can own a bucket there: the list says where
 * recordings come from, and is no boundary of trust; that is the address guard's part.
 */
export const vendorStorageHosts: readonly string[] = [
  '*.oss.aliyuncs.com',
  '*.oss-*.aliyuncs.com',
  '*.oss-*-internal.aliyuncs.com',
  '*.oss.aliyun-inc.com',
];

/** Whether a host (as WHATWG `URL` gives it: lower case, punycode, `[…]` around IPv6) and its port may be used. */
export type HostFilter = (hostname: string, port: number) => boolean;

/** The longest name that DNS can hold; longer ones are nobody's, and matching them only costs time. */
const maxHostLength = 253;

/**
 * A filter that lets hosts pass that match one of the patterns. A pattern may hold `*` (any characters of a host
 * name, dots included), may be a literal address (`10.0.0.7`, `::1` or `[::1]`), and matches any port unless it
 * names one (`host:9000`, `[::1]:9000`).
 *
 * @throws RangeError naming the entry that is no pattern.
 */
export function createHostFilter(patterns: readonly string[]): HostFilter {
  const tests = patterns.map(parseHostPattern);
  return (hostname, port) => {
    if (hostname.length > maxHostLength) return false;
    const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
    return tests.some((test) => test(name, port));
  };
}

function parseHostPattern(text: string): HostFilter {
  const entry = text.trim();
  const { host, port } = splitPort(entry);
  const wanted = normaliseHost(host);
  if (wanted === undefined || (port !== undefined && !(port >= 1 && port <= 65_535))) {
    throw new RangeError(`"${entry}" is no host pattern: write it as *.example.com, 10.0.0.7 or host:9000`);
  }
  const expression = new RegExp(`^${wanted.split('*').map(escapeForRegExp).join('.*')}$`);
  return (hostname, hostPort) => (port === undefined || port === hostPort) && expression.test(hostname);
}

function splitPort(entry: string): { host: string; port?: number } {
  const isBareV6 = !entry.startsWith('[') && entry.split(':').length > 2;
  if (isBareV6) return { host: `[${entry}]` };
  const match = /^(.*):(\d+)$/.exec(entry);
  return match ? { host: match[1]!, port: Number(match[2]) } : { host: entry };
}

/** The host in the form in which `URL` will show the hosts it is compared with. */
function normaliseHost(host: string): string | undefined {
  if (host === '' || /[/?#@\\\s]/.test(host)) return undefined;
  try {
    return new URL(`http://${host}`).hostname.replace(/\.$/, '');
  } catch {
    return undefined;
  }
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
