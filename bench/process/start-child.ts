import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ChildRole, ChildRoles } from './child-roles.js';
import type { ChildMessage } from './run-child.js';

const main = fileURLToPath(new URL('../main.js', import.meta.url));
const running = new Set<ChildProcess>();

export interface Child<Answer> {
  readonly answer: Answer;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a role in a process of its own and waits for its answer. Rejects with what went wrong there. */
export async function startChild<Role extends ChildRole>(
  role: Role,
  spec: ChildRoles[Role]['spec'],
): Promise<Child<ChildRoles[Role]['answer']>> {
  const child = fork(main, ['child', role], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  watch(child);
  child.send(spec);
  const message = await Promise.race([
    once(child, 'message').then(([value]) => value as ChildMessage),
    once(child, 'exit').then(([code]): ChildMessage => ({ failure: `${role} ended with ${String(code)}` })),
  ]);
  if ('failure' in message) {
    await stopProcess(child);
    throw new Error(message.failure);
  }
  return {
    answer: message.answer as ChildRoles[Role]['answer'],
    pid: child.pid ?? 0,
    stop: () => stopProcess(child),
  };
}

/** For a role that works and is done: its answer, and nothing left running. */
export async function runInChild<Role extends ChildRole>(
  role: Role,
  spec: ChildRoles[Role]['spec'],
): Promise<ChildRoles[Role]['answer']> {
  const child = await startChild(role, spec);
  await child.stop();
  return child.answer;
}

/** Whatever is started is known here, so that an interrupted run leaves nothing behind. */
export function watch(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** SIGTERM, and SIGKILL for who has not ended after `patienceMs`. Resolves once it has. */
export async function stopProcess(child: ChildProcess, patienceMs = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await ended;
  clearTimeout(timer);
}

export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
