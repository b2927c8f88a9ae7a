import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * A password: typed unseen at a terminal, or the first line of standard input. Never an argument: those are in the
 * list of processes and in the shell's history.
 */
export async function readPassword(question: string): Promise<string> {
  const isTerminal = process.stdin.isTTY;
  if (isTerminal) process.stderr.write(question);
  // At a terminal readline echoes what is typed to its output: here, to nowhere.
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}
