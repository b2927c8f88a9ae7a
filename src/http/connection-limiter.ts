/*
 * The connections there are, and which of them may be a stranger's. Where a bound is reached, the oldest connection that has
 * shown neither a token nor a key is cut off: a client that holds many open loses them, and a new request gets through.
 */

export interface ConnectionLimits {
  /** A file descriptor each; most systems allow a process 4,096 or more. */
  readonly connections: number;
  /** A load balancer that is not named as a trusted proxy, or everybody behind one router, is one address. */
  readonly ofOneAddress: number;
  /** Of heads that have not ended, of all connections together. */
  readonly headBytes: number;
}

const connectionLimits: ConnectionLimits = {
  connections: 3_000,
  ofOneAddress: 1_000,
  headBytes: 16 * 1024 * 1024,
};

export interface Connection {
  readonly address: string;
  /** Ends it at once. */
  readonly cut: () => void;
}

/** Sets keep the order in which things came: the first is the oldest. */
export class ConnectionLimiter {
  #headBytes = 0;
  readonly #all = new Set<Connection>();
  readonly #strangers = new Set<Connection>();
  readonly #byAddress = new Map<string, { count: number; readonly strangers: Set<Connection> }>();
  readonly #heads = new Map<Connection, number>();

  constructor(
    private readonly isProxy: (address: string) => boolean,
    private readonly limits: ConnectionLimits = connectionLimits,
  ) {}

  /** Cuts it off where there is no room, and no stranger's connection that could make some. */
  add(connection: Connection): void {
    const { address } = connection;
    const others = this.#byAddress.get(address) ?? { count: 0, strangers: new Set() };
    const { connections, ofOneAddress } = this.limits;
    const isOverOwn = others.count >= ofOneAddress && !this.isProxy(address);
    if (isOverOwn || this.#all.size >= connections) {
      const [oldest = connection] = isOverOwn ? others.strangers : this.#strangers;
      oldest.cut();
      if (oldest === connection) return;
      this.remove(oldest);
    }
    this.#byAddress.set(address, others);
    others.count++;
    others.strangers.add(connection);
    this.#all.add(connection);
    this.#strangers.add(connection);
  }

  /** It has shown a token or a key, and is not cut off to make room from now on. */
  known(connection: Connection): void {
    this.#strangers.delete(connection);
    this.#byAddress.get(connection.address)?.strangers.delete(connection);
  }

  /** How much is kept of a head that has not ended; 0 when it has. */
  keepsOfHead(connection: Connection, bytes: number): void {
    this.#headBytes += bytes - (this.#heads.get(connection) ?? 0);
    if (bytes === 0) this.#heads.delete(connection);
    else this.#heads.set(connection, bytes);
    while (this.#headBytes > this.limits.headBytes) {
      const [oldest] = this.#heads.keys();
      if (!oldest) return;
      this.keepsOfHead(oldest, 0);
      oldest.cut();
    }
  }

  /** Once it is closed; again, it does nothing. */
  remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    this.keepsOfHead(connection, 0);
    this.#strangers.delete(connection);
    const { address } = connection;
    const others = this.#byAddress.get(address);
    if (!others) return;
    others.strangers.delete(connection);
    others.count--;
    if (others.count === 0) this.#byAddress.delete(address);
  }
}
