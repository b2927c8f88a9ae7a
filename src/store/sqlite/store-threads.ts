import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { StoreError } from '../store-error.js';
import { PortCaller } from './port-calls.js';
import { smallYoungGeneration, stopThread } from './threads.js';

/** The threads of what is open, and what is asked of them. */
export class StoreThreads {
  isClosing = false;
  readonly #threads: Worker[] = [];
  readonly #callers: PortCaller[] = [];

  constructor(private readonly onDeath: (error: Error) => void) {}

  start(name: StoreThreadName, workerData: unknown, transferList: MessagePort[] = []): Worker {
    const thread = new Worker(threadFiles[name], {
      workerData,
      transferList,
      resourceLimits: smallYoungGeneration,
    });
    thread.on('error', (error: Error) => {
      this.#failAll(new StoreError('closed', error.message));
      if (!this.isClosing) this.onDeath(error);
    });
    this.#threads.push(thread);
    return thread;
  }

  connect(thread: Worker): PortCaller {
    return this.callerOf(newPort(thread));
  }

  callerOf(port: MessagePort): PortCaller {
    const caller = new PortCaller(port);
    this.#callers.push(caller);
    return caller;
  }

  refuseCalls(): void {
    this.isClosing = true;
    for (const caller of this.#callers) caller.refuse();
  }

  async end(): Promise<void> {
    this.isClosing = true;
    this.#failAll();
    await Promise.all(this.#threads.map(stopThread));
  }

  #failAll(error?: StoreError): void {
    for (const caller of this.#callers) caller.fail(error);
  }
}

const threadFiles = {
  'inbox-thread': new URL('./inbox-thread.js', import.meta.url),
  'store-thread': new URL('./store-thread.js', import.meta.url),
  'checkpoint-thread': new URL('./checkpoint-thread.js', import.meta.url),
};
type StoreThreadName = keyof typeof threadFiles;

/** The other end is the thread's. */
export function newPort(thread: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel();
  thread.postMessage({ port: port2 }, [port2]);
  return port1;
}
