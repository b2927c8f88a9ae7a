import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';

/** Servers on 127.0.0.1 that a test misbehaves with; `close` ends them all, whatever is still connected. */
export interface LocalPeers {
  /** The port of an HTTP server. */
  serve(listener: RequestListener): Promise<number>;
  /** The port of a peer of few words: what it does with each connection is up to the test. */
  servePlain(onConnection: (socket: Socket) => void): Promise<number>;
  /** The port on which the given server now listens; any free one unless it is named. */
  listen(server: Server | TcpServer, port?: number, address?: string): Promise<number>;
  close(): Promise<void>;
}

export function createLocalPeers(): LocalPeers {
  const open = new Map<Server | TcpServer, Set<Socket>>();

  const listen = async (server: Server | TcpServer, port = 0, address = '127.0.0.1'): Promise<number> => {
    const sockets = new Set<Socket>();
    open.set(server, sockets);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(port, address);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };

  return {
    listen,
    serve: (listener) => listen(createServer(listener)),
    servePlain: (onConnection) => listen(createTcpServer(onConnection)),
    close: async () => {
      for (const [server, sockets] of open) {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      }
      open.clear();
    },
  };
}
