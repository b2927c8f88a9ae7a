import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Says to which addresses we may connect. */
export interface AddressGuard {
  /** False for everything but a global unicast address or one in an allowed network; false for what is no address. */
  allows(address: string): boolean;
}

/**
 * What answers a cloud's machines alone, and hands their credentials to whoever asks, or is their host's agent. No setting
 * opens it, however wide the network is that it lies in.
 */
const neverV4 = new Set([
  ...['100.100.100.200', '169.254.169.254', '169.254.169.253', '169.254.170.2', '169.254.170.23'],
  ...['169.254.0.23', '168.63.129.16', '192.0.0.192'],
]);
const neverV6 = new Set(
  ['fd00:ec2::254', 'fd00:ec2::253', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe'].map((text) =>
    ipaddr.IPv6.parse(text).toNormalizedString(),
  ),
);

/** Global unicast is all that has been handed out of IPv6; what lies outside is reserved, and not for us to try. */
const globalUnicastV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * A guard that lets global unicast addresses pass, and besides them `allowNetworks` (CIDRs or single addresses;
 * EARSHOT_ALLOW_NETWORKS and its like). An IPv6 address that carries an IPv4 address to which it leads is judged by that one:
 * v4-mapped, NAT64 and 6to4 are as good as what they carry. A network of IPv4 in `allowNetworks` covers these forms
 * too; a network of IPv6 does not open a v4-mapped address.
 *
 * @throws RangeError naming the entry that is no network.
 */
export function createAddressGuard(allowNetworks: readonly string[] = []): AddressGuard {
  const allowed = allowNetworks.map(parseNetwork);
  const isAllowed = (address: ipaddr.IPv4 | ipaddr.IPv6) =>
    allowed.some((network) => network[0].kind() === address.kind() && address.match(network));

  const allowsV4 = (address: ipaddr.IPv4) =>
    !neverV4.has(address.toString()) && (address.range() === 'unicast' || isAllowed(address));

  const allowsV6 = (address: ipaddr.IPv6) => {
    const carried = carriedV4(address);
    if (neverV6.has(address.toNormalizedString())) return false;
    if (carried.some(({ v4 }) => neverV4.has(v4.toString()))) return false;
    const leadsTo = carried.find(({ form }) => form === 'leads-there');
    if (leadsTo && allowsV4(leadsTo.v4)) return true;
    if (address.isIPv4MappedAddress()) return false;
    if (isAllowed(address)) return true;
    if (leadsTo || carried.some(({ v4 }) => !allowsV4(v4))) return false;
    return address.range() === 'unicast' && address.match(globalUnicastV6);
  };

  return {
    allows(text) {
      const address = parseAddress(text);
      if (!address) return false;
      return address instanceof ipaddr.IPv4 ? allowsV4(address) : allowsV6(address);
    },
  };
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (isIPv4(text)) return ipaddr.IPv4.parse(text);
  // A zone (`fe80::1%eth0`) only ever belongs to an address that is not global.
  if (!isIPv6(text) || text.includes('%')) return undefined;
  // In canonical form first: ipaddr.js reads `::10.0.0.1` as v4-mapped, which no network stack does.
  return ipaddr.IPv6.parse(new URL(`http://[${text}]`).hostname.slice(1, -1));
}

function parseNetwork(text: string): Network {
  const entry = text.trim();
  try {
    if (entry.includes('/')) return ipaddr.parseCIDR(entry);
    const address = ipaddr.parse(entry);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new RangeError(`"${entry}" is no network: write it as 10.0.0.0/8 or fd00::/8`);
  }
}

interface CarriedAddress {
  /** `leads-there`: packets end at the IPv4 address. `inside`: it is part of the address and might be reached so. */
  readonly form: 'leads-there' | 'inside';
  readonly v4: ipaddr.IPv4;
}

/** The IPv4 addresses inside an IPv6 address, in every form that some stack or gateway on the way may unpack. */
function carriedV4(address: ipaddr.IPv6): CarriedAddress[] {
  const parts = address.parts;
  const at = (index: number, mask = 0) => {
    const high = parts[index]! ^ mask;
    const low = parts[index + 1]! ^ mask;
    return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  };
  const startsWith = (...words: number[]) => words.every((word, index) => parts[index] === word);

  if (address.isIPv4MappedAddress()) return [{ form: 'leads-there', v4: at(6) }];
  if (startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return [{ form: 'leads-there', v4: at(6) }]; // NAT64, RFC 6052
  if (startsWith(0x2002)) return [{ form: 'leads-there', v4: at(1) }]; // 6to4, RFC 3056
  if (startsWith(0x2001, 0)) return [{ form: 'inside', v4: at(6, 0xffff) }]; // Teredo, RFC 4380
  const carriesLast =
    startsWith(0, 0, 0, 0, 0, 0) || // IPv4-compatible, RFC 4291
    startsWith(0, 0, 0, 0, 0xffff, 0) || // IPv4-translated, RFC 2765
    startsWith(0x64, 0xff9b, 1) || // local-use NAT64, RFC 8215
    ((parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe); // ISATAP, RFC 5214
  return carriesLast ? [{ form: 'inside', v4: at(6) }] : [];
}
