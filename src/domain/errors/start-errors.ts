import type { ErrorEntries } from './error-entry.js';

/** A start or a command cannot go on. */
export const startErrors = {
  'setting-unknown': {
    status: 500,
    title: 'There is no such setting',
    remedy: 'Correct its name; `earshot config` lists every setting.',
  },
  'setting-invalid': {
    status: 500,
    title: 'A setting has a value that cannot be used',
    remedy: 'Correct the setting that the detail names; `earshot config` shows where each value comes from.',
  },
  'usage-invalid': {
    status: 500,
    title: 'The command was called wrongly',
    remedy: 'See `earshot help` or `earshot COMMAND --help`.',
  },
  'address-in-use': {
    status: 500,
    title: 'The address to listen on is taken',
    remedy: 'Stop the other process, or choose a free port (EARSHOT_PORT, --port).',
  },
  'data-dir-unusable': {
    status: 500,
    title: 'The data folder cannot be used',
    remedy: 'Make it a folder that this user may write to, or set EARSHOT_DATA_DIR to one.',
  },
  'secret-missing': {
    status: 500,
    title: 'A secret that this store had is not there',
    remedy:
      'Put back the file that the detail names, from the backup, or set the setting. If it is lost, write a new secret of 16 or more characters (A–Z a–z 0–9 _ -) into that file, and give the new one to whoever used the old one.',
  },
  'data-dir-in-use': {
    status: 500,
    title: 'Another process works on the data folder',
    remedy: 'Stop that process, or set EARSHOT_DATA_DIR to another folder.',
  },
  'descriptors-too-few': {
    status: 500,
    title: 'This process may not open enough files and connections',
    remedy:
      'Raise the limit: `ulimit -Hn 65536`, LimitNOFILE=65536 in a systemd unit, --ulimit nofile=65536 with Docker.',
  },
  'store-corrupt': {
    status: 500,
    title: 'The store is damaged',
    remedy:
      'Stop Earshot, keep a copy of the data folder, and restore the last backup; `earshot doctor` tells what is damaged.',
  },
  'store-too-new': {
    status: 500,
    title: 'The store was written by a newer version',
    remedy: 'Run the version that wrote it, or a newer one.',
  },
  'storage-failed': {
    status: 503,
    title: 'The recordings storage could not be read or written',
    remedy: 'Check space and permissions of the recordings folder; `earshot doctor` names the cause.',
  },
  'input-unreadable': {
    status: 500,
    title: 'The input cannot be read',
    remedy: 'Give a file that exists, holding JSON or NDJSON of messages, or - for standard input.',
  },
  'store-moved': {
    status: 500,
    title: 'The data was moved elsewhere',
    remedy:
      'Start Earshot with the settings that `earshot move` has printed. To go back to this store, move back; what was taken elsewhere since is not in it.',
  },
  'move-unfinished': {
    status: 500,
    title: 'What was being moved here is not complete',
    remedy: 'Run the same `earshot move` again: it goes on where it was. Until then nothing starts on it.',
  },
  'move-refused': {
    status: 500,
    title: 'This cannot be moved',
    remedy: 'Do what the detail says, then run `earshot move` again. Nothing was changed.',
  },
  'server-unreachable': {
    status: 500,
    title: 'The server does not answer',
    remedy: 'Start it with `earshot serve`, or give its address.',
  },
} as const satisfies ErrorEntries;
