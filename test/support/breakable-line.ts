import { connect, type Socket } from 'node:net';
import { createLocalPeers } from './local-peers.js';

/** A line to a server on 127.0.0.1 that can be cut: what is on it breaks off, what comes is hung up on. */
export interface BreakableLine {
  readonly origin: string;
  /** Where the line leads from now on. */
  leadTo(url: string): void;
  cut(): void;
  mend(): void;
  /** Connections that found the line cut. */
  readonly refused: number;
  close(): Promise<void>;
}

export async function openBreakableLine(): Promise<BreakableLine> {
  const peers = createLocalPeers();
  const open = new Set<Socket>();
  let target: URL | undefined;
  let isCut = false;
  let refused = 0;

  const port = await peers.servePlain((near) => {
    if (isCut || !target) {
      refused++;
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });

  return {
    origin: `http://127.0.0.1:${port}`,
    leadTo: (url) => {
      target = new URL(url);
    },
    cut: () => {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    get refused() {
      return refused;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await peers.close();
    },
  };
}
