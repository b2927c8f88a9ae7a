#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { explainError } from '../app/explain-error.js';
import { version } from '../app/version.js';
import { addAccountCommand } from './account-command.js';
import { addConformanceCommand } from './conformance-command.js';
import { addDeliveryCommands } from './delivery-commands.js';
import { addEndpointCommands } from './endpoint-commands.js';
import { addInspectCommands } from './inspect-commands.js';
import { addKeyCommand } from './key-command.js';
import { addListenCommand } from './listen-command.js';
import { addMaintenanceCommands } from './maintenance-commands.js';
import { addMoveCommand } from './move-command.js';
import { addSendCommands } from './send-commands.js';
import { addServeCommand } from './serve-command.js';
import { addSimulateCommands } from './simulate-commands.js';
import { addStatusCommand } from './status-command.js';
import { say } from './terminal.js';

/** Exit codes: 0 done, 1 failed, 2 called wrongly. */
const program = new Command('earshot')
  .description(
    'Receives AlicomAgentCallRecord pushes, never loses an acknowledged one, archives every recording, pushes all of it on.',
  )
  .version(version)
  .exitOverride()
  .showHelpAfterError('(add --help for how to call it)');

// Whoever read our words may go away (`| head`, a log collector that restarts): that is no reason to stop receiving.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

addServeCommand(program);
addSimulateCommands(program);
addListenCommand(program);
addConformanceCommand(program);
addSendCommands(program);
addEndpointCommands(program);
addDeliveryCommands(program);
addMaintenanceCommands(program);
addMoveCommand(program);
addKeyCommand(program);
addAccountCommand(program);
addStatusCommand(program);
addInspectCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  // Commander has told the user already, and help that was asked for is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { lines, exitCode } = explainError(error);
  for (const line of lines) say(line);
  return exitCode;
}
