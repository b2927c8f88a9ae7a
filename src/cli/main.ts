#!/usr/bin/env -S node --max-semi-space-size=2
import { Command, CommanderError } from 'commander';
import { explainError } from '../app/explain-error.js';
import { version } from '../app/version.js';
import { say } from './terminal.js';

type AddCommands = (program: Command) => void;

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

/** A command loads what it needs: a client of the API starts in a third of the time that the server takes. */
const families: readonly {
  readonly commands: readonly string[];
  readonly add: () => Promise<AddCommands>;
}[] = [
  { commands: ['serve'], add: async () => (await import('./serve-command.js')).addServeCommand },
  {
    commands: ['simulate', 'demo'],
    add: async () => (await import('./simulate-commands.js')).addSimulateCommands,
  },
  { commands: ['listen'], add: async () => (await import('./listen-command.js')).addListenCommand },
  {
    commands: ['conformance'],
    add: async () => (await import('./conformance-command.js')).addConformanceCommand,
  },
  {
    commands: ['push-sample', 'import'],
    add: async () => (await import('./send-commands.js')).addSendCommands,
  },
  { commands: ['endpoint'], add: async () => (await import('./endpoint-commands.js')).addEndpointCommands },
  { commands: ['delivery'], add: async () => (await import('./delivery-commands.js')).addDeliveryCommands },
  {
    commands: ['quarantine'],
    add: async () => (await import('./quarantine-commands.js')).addQuarantineCommands,
  },
  {
    commands: ['verify', 'sort', 'project'],
    add: async () => (await import('./maintenance-commands.js')).addMaintenanceCommands,
  },
  { commands: ['move'], add: async () => (await import('./move-command.js')).addMoveCommand },
  { commands: ['key'], add: async () => (await import('./key-command.js')).addKeyCommand },
  { commands: ['account'], add: async () => (await import('./account-command.js')).addAccountCommand },
  { commands: ['status'], add: async () => (await import('./status-command.js')).addStatusCommand },
  {
    commands: ['config', 'doctor'],
    add: async () => (await import('./inspect-commands.js')).addInspectCommands,
  },
];

// All of them where none is named: for help, and to say which commands there are.
const asked = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '';
const named = families.filter(({ commands }) => commands.includes(asked));
for (const { add } of named.length > 0 ? named : families) (await add())(program);

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
