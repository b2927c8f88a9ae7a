import { connect, type Socket } from 'node:net';
import { createLocalPeers } from './local-peers.js';

/** A line to a port on 127.0.0.1 that misbehaves when the test says so. */
export interface TcpProxy {
  readonly port: number;
  /** As a wire; also for what connects from now on, where it swallowed before. */
  pass(): void;
  /** Each side hears nothing of the other any more, and no end of it either: half-open. What was connected stays so for ever. */
  swallow(): void;
  /** What comes arrives this much later, in each direction. */
  slow(ms: number): void;
  close(): Promise<void>;
}

export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const peers = createLocalPeers();
  const lines = new Set<{ isDead: boolean }>();
  const far = new Set<Socket>();
  let isSwallowing = false;
  let delayMs = 0;

  const port = await peers.servePlain((near) => {
    const line = { isDead: isSwallowing };
    lines.add(line);
    const target = connect(targetPort, '127.0.0.1');
    far.add(target);
    for (const [from, to] of [
      [near, target],
      [target, near],
    ] as const) {
      const inOrder = openQueue(() => delayMs);
      const pass = (work: () => void): void => {
        inOrder(() => {
          if (!line.isDead) work();
        });
      };
      from.on('error', () => undefined);
      from.on('data', (bytes: Buffer) => {
        pass(() => to.write(bytes));
      });
      from.on('close', () => {
        pass(() => to.destroy());
      });
    }
    target.on('close', () => far.delete(target));
  });

  return {
    port,
    pass: () => {
      isSwallowing = false;
      delayMs = 0;
    },
    swallow: () => {
      isSwallowing = true;
      for (const line of lines) line.isDead = true;
    },
    slow: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      for (const socket of far) socket.destroy();
      await peers.close();
    },
  };
}

/** Does things in the order in which they come, each after the delay of its moment. */
function openQueue(delayMs: () => number): (work: () => void) => void {
  const waiting: { readonly dueAt: number; readonly work: () => void }[] = [];
  const next = (): void => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const leftMs = first.dueAt - performance.now();
      if (leftMs > 0) {
        setTimeout(next, leftMs);
        return;
      }
      waiting.shift();
      first.work();
    }
  };
  return (work) => {
    waiting.push({ dueAt: performance.now() + delayMs(), work });
    if (waiting.length === 1) next();
  };
}
