import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AddressGuard } from './address-guard.js';
import { EgressError, toEgressError, type OutboundTimings } from './egress-error.js';
import type { Lookup } from './name-lookup.js';

export interface ConnectRequest {
  /** A name or a literal address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  /** Ends the attempt, whatever it is doing. Its reason is an Error. */
  readonly signal: AbortSignal;
  /** Told of each phase as it ends. */
  readonly timings: OutboundTimings;
}

export interface ConnectOptions {
  readonly guard: AddressGuard;
  readonly lookup: Lookup;
  /** Certificate authorities instead of the system's, in PEM. */
  readonly ca?: string;
}

/** How long one address may keep us waiting before the next is tried beside it (RFC 8305 recommends 250 ms). */
const nextAddressAfterMs = 250;

/**
 * Opens a connection to a checked address. The name is resolved once; every address found is checked; and the
 * connection goes to the very address that was checked, given as a literal, so that no second resolution can
 * lead elsewhere (DNS rebinding). A literal address in the URL is checked in the same place. The name itself is
 * only used for TLS.
 *
 * @throws EgressError
 */
export async function guardedConnect(request: ConnectRequest, options: ConnectOptions): Promise<Socket> {
  const { hostname, port, secure, signal, timings } = request;
  const phase = startPhases();
  const addresses = await resolveChecked(hostname, options, signal);
  if (!isIP(hostname)) timings.lookupMs = phase();
  const socket = await connectToFirst(addresses, port, signal);
  timings.connectMs = phase();
  socket.setNoDelay(true).setKeepAlive(true, 60_000);
  if (!secure) return socket;
  const secured = await startTls(socket, hostname, options, signal);
  timings.tlsMs = phase();
  return secured;
}

/** Gives, each time, the ms since the last. */
function startPhases(): () => number {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const ms = now - since;
    since = now;
    return ms;
  };
}

async function resolveChecked(
  hostname: string,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const found = isIP(hostname) ? [hostname] : await unlessAborted(options.lookup(hostname), signal, 'lookup');
  const addresses = found.filter((address) => options.guard.allows(address));
  if (found.length === 0) throw new EgressError('dns-failure', 'the name has no address');
  if (addresses.length === 0) {
    throw new EgressError('address-not-allowed', 'the host has no address that is allowed', found[0]);
  }
  return alternateFamilies(addresses);
}

/** Families take turns, so that a machine whose IPv6 leads nowhere needs only one wait to find out. */
function alternateFamilies(addresses: readonly string[]): string[] {
  const first = isIP(addresses[0]!);
  const same = addresses.filter((address) => isIP(address) === first);
  const other = addresses.filter((address) => isIP(address) !== first);
  return same.flatMap((address, i) => [address, ...other.slice(i, i + 1)]).concat(other.slice(same.length));
}

/** The first connection that comes about; the next address is tried when one fails or takes too long. */
function connectToFirst(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const attempts = new Set<Socket>();
    let next = 0;
    let timer: NodeJS.Timeout | undefined;

    const finish = (winner?: Socket) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const socket of attempts) if (socket !== winner) socket.destroy();
    };
    const onAbort = () => {
      finish();
      reject(toEgressError(signal.reason, 'connect'));
    };
    const tryNext = () => {
      clearTimeout(timer);
      const address = addresses[next++];
      if (address === undefined) return;
      if (next < addresses.length) timer = setTimeout(tryNext, nextAddressAfterMs);
      const socket = connectTcp({ host: address, port });
      attempts.add(socket);
      const onError = (error: Error) => {
        attempts.delete(socket);
        if (next < addresses.length) {
          tryNext();
        } else if (attempts.size === 0) {
          finish();
          reject(toEgressError(error, 'connect', address));
        }
      };
      socket.once('error', onError).once('connect', () => {
        socket.off('error', onError);
        finish(socket);
        resolve(socket);
      });
    };

    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else tryNext();
  });
}

async function startTls(
  socket: Socket,
  hostname: string,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const secured = connectTls({
    socket,
    host: hostname,
    servername: isIP(hostname) ? '' : hostname,
    ALPNProtocols: ['http/1.1'],
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  try {
    await unlessAborted(
      new Promise<void>((resolve, reject) => {
        secured.once('secureConnect', resolve).once('error', reject);
      }),
      signal,
      'tls',
      socket.remoteAddress,
    );
    return secured;
  } catch (error) {
    secured.on('error', () => undefined).destroy();
    throw error;
  }
}

/** What `work` gives, unless the signal comes first; errors as EgressError of the given stage. */
async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  stage: 'lookup' | 'tls',
  address?: string,
): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } catch (error) {
    throw toEgressError(error, stage, address);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
