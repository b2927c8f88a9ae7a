import { join } from 'node:path';
import type { Status } from '../../src/contract/status.js';
import { dutyNames } from '../../src/store/shared-roles.js';
import { readStatus } from '../support/api-reader.js';
import { isKept, type PushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcess, type ServerProcesses } from '../support/server-process.js';
import { createDatabase } from '../support/temporary-database.js';
import { until } from '../support/until.js';

/** Server processes that share one new database and one folder of recordings, each with a data folder of its own. */
export interface Cluster {
  readonly processes: ServerProcesses;
  start(name: string, settings?: Readonly<Record<string, string>>): ServerProcess;
  /** Runs a command to its end, with the settings of one of them. */
  run(
    name: string,
    command: readonly string[],
    settings?: Readonly<Record<string, string>>,
  ): ReturnType<ServerProcesses['run']>;
  close(): Promise<void>;
}

export async function openCluster(): Promise<Cluster> {
  const database = await createDatabase();
  const processes = await openServerProcesses();
  const optionsOf = (name: string, settings: Readonly<Record<string, string>> = {}) => ({
    dataDir: join(processes.dataDir, name),
    settings: {
      EARSHOT_DATABASE_URL: database.url,
      EARSHOT_STORAGE_URL: `file://${join(processes.dataDir, 'recordings')}`,
      ...settings,
    },
  });
  return {
    processes,
    start: (name, settings) => processes.spawn(optionsOf(name, settings)),
    run: (name, command, settings) => processes.runWith(optionsOf(name, settings), ...command),
    close: async () => {
      await processes.close();
      await database.drop();
    },
  };
}

/** Waits until somebody has every duty, and returns how things stand then. */
export function untilDutiesAreHeld(
  url: string,
  isRight: (status: Status) => boolean = () => true,
): Promise<Status> {
  const isHeld = async (): Promise<Status | false> => {
    const status = await readStatus(url);
    const held = status.processes.flatMap(({ duties }) => duties);
    return held.length === dutyNames.length && isRight(status) && status;
  };
  return until(isHeld, { what: 'every duty is held by somebody' });
}

/** A message that is like no other; of the type that has no recording. */
export function makeReport(number: number | string): string {
  return JSON.stringify({ callId: `call-${number}`, outId: `${number}`, statusCode: '200010' });
}

/**
 * Pushes as the platform does: what is not acknowledged comes again. A busy machine may stand still for longer than a
 * push may take, and which push that hits is not what these tests are about.
 */
export async function pushUntilKept(sender: PushSender, body: string): Promise<void> {
  await until(async () => isKept(await sender.push(body)), { what: `${body} is acknowledged` });
}
