import type { Command } from 'commander';

type AddCommands = (program: Command) => void;

/** A command loads what it needs: a client of the API starts in a third of the time that the server takes. */
export const families: readonly {
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
  {
    commands: ['endpoint', 'replay'],
    add: async () => (await import('./endpoint-commands.js')).addEndpointCommands,
  },
  { commands: ['delivery'], add: async () => (await import('./delivery-commands.js')).addDeliveryCommands },
  {
    commands: ['quarantine'],
    add: async () => (await import('./quarantine-commands.js')).addQuarantineCommands,
  },
  {
    commands: ['acknowledge'],
    add: async () => (await import('./acknowledge-command.js')).addAcknowledgeCommand,
  },
  {
    commands: ['verify', 'describe', 'sort', 'project'],
    add: async () => (await import('./maintenance-commands.js')).addMaintenanceCommands,
  },
  { commands: ['move'], add: async () => (await import('./move-command.js')).addMoveCommand },
  { commands: ['key'], add: async () => (await import('./key-command.js')).addKeyCommand },
  { commands: ['account'], add: async () => (await import('./account-command.js')).addAccountCommand },
  { commands: ['source'], add: async () => (await import('./source-command.js')).addSourceCommand },
  { commands: ['status'], add: async () => (await import('./status-command.js')).addStatusCommand },
  {
    commands: ['config', 'doctor'],
    add: async () => (await import('./inspect-commands.js')).addInspectCommands,
  },
  {
    commands: ['completion'],
    add: async () => {
      const { addCompletionCommand } = await import('./completion-command.js');
      return (program) => {
        addCompletionCommand(program, addCommands);
      };
    },
  },
];
/** Adds the commands of the family that has this one; all of them where none has. */
export async function addCommands(program: Command, asked = ''): Promise<void> {
  const named = families.filter(({ commands }) => commands.includes(asked));
  for (const { add } of named.length > 0 ? named : families) (await add())(program);
}

/**
 * `help` for a command that there is not is that command, called: Commander then says so, names the nearest one, and ends
 * with 2. By itself it would show everything.
 */
export function withoutHelpFor(program: Command, words: readonly string[]): string[] {
  const at = words.indexOf('help');
  const asked = [...words.slice(0, at), ...words.slice(at + 1)].filter((word) => !word.startsWith('-'));
  if (at === -1 || !isPath(program, words.slice(0, at)) || isPath(program, asked)) return [...words];
  return asked;
}

/** Whether each word names a command of the one before it, as far as those have any. */
function isPath(program: Command, words: readonly string[]): boolean {
  let command = program;
  for (const word of words) {
    if (command.commands.length === 0) return true;
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (!next) return word === 'help';
    command = next;
  }
  return true;
}
