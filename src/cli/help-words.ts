import { type Command } from 'commander';

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
