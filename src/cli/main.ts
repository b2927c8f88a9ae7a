#!/usr/bin/env -S node --max-semi-space-size=2
import { Command, CommanderError } from 'commander';
import { explainError } from '../app/commands/explain-error.js';
import { version } from '../settings/environment.js';
import { addCommands, withoutHelpFor } from './families.js';
import { say } from './terminal.js';

// What Earshot writes is for its user alone: links, which are secrets, and people's voices.
process.umask(0o077);

/** Exit codes: 0 done, 1 failed, 2 called wrongly. */
const program = new Command('earshot')
  .description(
    'Receives AlicomAgentCallRecord pushes, never loses an acknowledged one, archives every recording, pushes all of it on.',
  )
  .version(version)
  .exitOverride()
  .showHelpAfterError('(add --help for how to call it)');

// A reader of our output may go away (`| head`, a log collector that restarts): that is no reason to stop receiving.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// All of them where none is named: for help, and to say which commands there are.
const asked = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '';

try {
  await addCommands(program, asked);
  await program.parseAsync(withoutHelpFor(program, process.argv.slice(2)), { from: 'user' });
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
