/**
 * Who may import whom, checked. The rows are those of the table in ARCHITECTURE.md: each folder of src/
 * names what it may reach, everything else in src/ is out of bounds. Tests are not looked at: they may
 * build whatever they need.
 */

const room = (...names) => `^src/(${names.join('|')})/`;
const workers = [
  'access',
  'intake',
  'sort',
  'project',
  'archive',
  'analyse',
  'deliver',
  'publish',
  'move',
  'export',
  'telemetry',
  'sources',
  'runtime',
];
const rooms = [
  ...['protocol', 'domain', 'audio', 'contract', 'store', 'storage', 'net', ...workers, 'settings', 'live'],
  ...['http', 'simulator', 'app', 'cli'],
];

/** Role interfaces lie directly in src/store; implementations lie in folders below it. */
const storeInterfaces = '^src/store/[^/]+\\.ts$';

/** One row of the table: what lies in `from` imports, within src/, itself and `allowed` only. */
function row(from, allowed, comment) {
  return {
    name: `${from}-imports`,
    comment,
    severity: 'error',
    from: { path: room(from) },
    to: { path: '^src/', pathNot: [room(from), ...allowed] },
  };
}

const table = [
  row(
    'protocol',
    [],
    'protocol is the wire format alone, and a public entry of the package: it stands by itself.',
  ),
  row('domain', [room('protocol')], 'Our rules may speak of messages and nothing else: they are pure.'),
  row('audio', [], 'What bytes sound like is told by the bytes alone: whoever reads them hands them in.'),
  row(
    'contract',
    [room('protocol', 'domain')],
    'contract is shared with the browser; it may name types of protocol and domain (values: words and defaults, see contract-takes-words).',
  ),
  row('store', [room('protocol', 'domain')], 'The store keeps domain values and knows none of its users.'),
  row('storage', [room('domain')], 'Storage keeps bytes under names; what they are is for others to know.'),
  row('net', [room('domain')], 'The way out is one thing, whoever uses it.'),
  ...workers.map((worker) =>
    row(
      worker,
      [room('protocol', 'domain', 'audio', 'storage', 'net'), storeInterfaces],
      'A worker takes roles of the store, never a back end, and never another worker: they meet in the journal.',
    ),
  ),
  row(
    'settings',
    [room('protocol', 'domain', 'storage', 'net'), storeInterfaces, '^src/store/postgres/database-url\\.ts$'],
    'A setting is read by those who know its form: addresses by net, URLs by storage and store.',
  ),
  row(
    'live',
    [room('domain', 'contract'), storeInterfaces],
    'Events are what the contract says they are; whoever knows the status hands it in.',
  ),
  row(
    'http',
    [
      room(
        'protocol',
        'domain',
        'contract',
        'storage',
        'net',
        'access',
        'intake',
        'sources',
        'telemetry',
        'live',
      ),
      storeInterfaces,
    ],
    'Routes translate between the contract and roles; of the workers they know those that answer.',
  ),
  row(
    'simulator',
    [room('protocol', 'domain', 'net')],
    'The simulator is the other side of the wire: knowing our store would make it agree with our mistakes.',
  ),
  row(
    'app',
    [room(...rooms.filter((name) => !['app', 'cli'].includes(name)))],
    'app builds everything below it; the command line lies above.',
  ),
  row('cli', [room('app', 'contract', 'settings')], 'The command line parses, asks app, and prints.'),
];

/** Values come from the composition root, so what these import of a room with I/O is types. */
const typesOnly = [
  {
    name: 'storage-and-net-are-handed-in',
    comment:
      'Workers and http take storage and the way out as interfaces, so that app alone decides what stands behind ' +
      'them. Error classes are values, and part of an interface.',
    severity: 'error',
    from: { path: room(...workers, 'live', 'http') },
    to: {
      path: room('storage', 'net'),
      pathNot: '(-error|/asset-storage)\\.ts$',
      dependencyTypesNot: ['type-only'],
    },
  },
];

const browserSafe =
  '^src/(domain/(delivery|endpoint|export-job|flags|outcome|recording|rights)|protocol/message)\\.ts$';

const purity = [
  {
    name: 'contract-is-browser-safe',
    comment: 'The console bundles src/contract: no Node built-in exists there.',
    severity: 'error',
    from: { path: room('contract') },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'contract-takes-words',
    comment:
      'Of domain and protocol the contract takes words and defaults, from files that a browser can load.',
    severity: 'error',
    from: { path: room('contract') },
    to: { path: room('protocol', 'domain'), pathNot: browserSafe, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'words-are-browser-safe',
    comment: 'What the contract takes values of is bundled with the console.',
    severity: 'error',
    from: { path: browserSafe },
    to: { dependencyTypes: ['core', 'npm'] },
  },
  {
    name: 'pure-centre',
    comment:
      'protocol and domain take values and return values: no files, no sockets, no timers, no threads.',
    severity: 'error',
    from: { path: room('protocol', 'domain') },
    to: {
      dependencyTypes: ['core'],
      path: '^(node:)?(fs|net|http|http2|https|tls|dns|dgram|child_process|worker_threads|cluster|process|timers|os)(/|$)',
    },
  },
];

/** The console is a program of its own: of src/ it takes the contract, and its pages know nothing of each other. */
const consoleRules = [
  {
    name: 'console-imports',
    comment: 'The browser gets the contract; everything else in src/ is the server.',
    severity: 'error',
    from: { path: '^console/' },
    to: { path: '^(src|test|bench|scripts|dist)/', pathNot: room('contract') },
  },
  {
    name: 'pages-stand-alone',
    comment:
      'What two pages share lies in console/src/parts or a room of its own, so that each loads by itself.',
    severity: 'error',
    from: { path: '^console/src/pages/([^/]+)/' },
    to: { path: '^console/src/pages/', pathNot: '^console/src/pages/$1/' },
  },
  {
    name: 'parts-know-no-pages',
    comment: 'Pages are built of parts; only the list of pages and the routes name pages.',
    severity: 'error',
    from: { path: '^console/src/', pathNot: '^console/src/(pages/|pages(\\.test)?\\.ts$|routes\\.tsx$)' },
    to: { path: '^console/src/pages/' },
  },
  {
    name: 'nothing-before-asking-ahead',
    comment: 'What asks ahead runs before everything else: it needs little, and no library.',
    severity: 'error',
    from: { path: '^console/src/ask-ahead\\.ts$' },
    to: { pathNot: '^console/src/(pages|reload-after-upgrade|i18n/(languages|text-files))\\.ts$' },
  },
  {
    name: 'not-into-the-console',
    comment: 'The server sends the console as files and shares no code with it but the contract.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^console/' },
  },
];

/** What belongs to one room of the house: a driver, and the rooms that may import it. */
const drivers = [
  {
    driver: '@photostructure/sqlite',
    rooms: ['store/sqlite'],
    comment: 'The only SQL is in src/store/sqlite; everything else speaks the role interfaces of src/store.',
  },
  {
    driver: 'undici',
    rooms: ['net', 'simulator'],
    comment: 'src/net is the only way out: its connector checks every address that is connected to.',
  },
  {
    driver: 'fastify',
    rooms: ['http'],
    comment: 'Routes live in src/http; workers know nothing of the HTTP server.',
  },
  {
    driver: 'commander',
    rooms: ['cli'],
    comment: 'Arguments are parsed in src/cli and arrive elsewhere as values.',
  },
  {
    driver: 'pino',
    rooms: ['telemetry'],
    mayBeType: true,
    comment: 'The logger is built in src/telemetry, with its redaction, and handed in; import its type only.',
  },
  {
    driver: 'music-metadata',
    rooms: ['audio'],
    comment: 'Audio is described in src/audio, from its bytes.',
  },
  {
    driver: 'mpg123-decoder',
    rooms: ['analyse'],
    comment: 'Audio is decoded in src/analyse, in a thread of its own.',
  },
  {
    driver: 'prom-client',
    rooms: ['telemetry'],
    comment: 'Metrics are made and rendered in src/telemetry; elsewhere a count is a value.',
  },
].map(({ driver, rooms: its, mayBeType = false, comment }) => ({
  name: `${driver}-stays-in-its-room`,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: room(...its) },
  to: { path: `node_modules/${driver}/`, ...(mayBeType ? { dependencyTypesNot: ['type-only'] } : {}) },
}));

const general = [
  {
    name: 'no-circular',
    comment: 'A cycle, even of types alone, means that two files are one thing, or that a third is missing.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment:
      'Nothing imports this file and it imports nothing. Threads are started by URL, so they may look so.',
    severity: 'error',
    from: {
      orphan: true,
      pathNot: ['-thread\\.ts$', '^src/cli/main\\.ts$', '^src/protocol/index\\.ts$', '^console/'],
    },
    to: {},
  },
  {
    name: 'known-rooms',
    comment: 'A new folder in src/ needs a row in the table above and in ARCHITECTURE.md.',
    severity: 'error',
    from: { path: '^src/', pathNot: room(...rooms) },
    to: {},
  },
  {
    name: 'not-out-of-the-house',
    comment: 'What ships imports nothing that does not: tests, benchmarks and scripts stay outside.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(test|bench|scripts|dist|dist-bench)/' },
  },
  {
    name: 'resolvable',
    comment: 'An import that cannot be found fails at run time.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'ships-with-its-dependencies',
    comment:
      'What production code imports is in "dependencies": development packages are not installed there.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

module.exports = {
  forbidden: [...table, ...typesOnly, ...purity, ...consoleRules, ...drivers, ...general],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Tests are not cruised, so a file that only its test imports is an orphan, as it should be.
    exclude: { path: '\\.test\\.tsx?$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts'],
    },
  },
};
