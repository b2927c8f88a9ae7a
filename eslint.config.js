import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** What belongs to one room of the house: a driver, and the folders that may import it. */
const drivers = [
  {
    name: '@photostructure/sqlite',
    rooms: ['src/store/sqlite'],
    why: 'The only SQL is in src/store/sqlite; everything else speaks the role interfaces of src/store.',
  },
  {
    name: 'undici',
    rooms: ['src/net', 'src/simulator'],
    why: 'src/net is the only way out: its connector checks every address that is connected to.',
  },
  {
    name: 'fastify',
    rooms: ['src/http'],
    why: 'Routes live in src/http; workers know nothing of the HTTP server.',
  },
  {
    name: 'commander',
    rooms: ['src/cli'],
    why: 'Arguments are parsed in src/cli and arrive elsewhere as values.',
  },
  {
    name: 'pino',
    rooms: ['src/app'],
    allowTypeImports: true,
    why: 'The logger is built in src/app, with its redaction, and handed in; import its type only.',
  },
  {
    name: 'music-metadata',
    rooms: ['src/archive'],
    why: 'Audio is described in src/archive, from its bytes.',
  },
  {
    name: 'mpg123-decoder',
    rooms: ['src/analyse'],
    why: 'Audio is decoded in src/analyse, in a thread of its own.',
  },
  {
    name: 'prom-client',
    rooms: ['src/http'],
    why: 'Metrics are rendered in src/http; elsewhere a count is a value.',
  },
];

const sources = ['src/**/*.ts'];
const tests = ['**/*.test.ts', 'test/**/*.ts'];
/** Folders that are given time, chance and settings by whoever builds them. */
const givenTime = [
  ...['protocol', 'domain', 'contract', 'store', 'storage', 'net', 'intake', 'sort', 'project', 'archive'],
  ...['analyse', 'deliver', 'publish', 'move', 'http', 'simulator'],
].map((room) => `src/${room}/**/*.ts`);
/** A thread builds its own clock: a function cannot be sent to it. */
const threads = ['src/**/*-thread.ts'];

/** Every driver is forbidden in src; each room then gets the same list without its own. */
const driverRules = [
  { files: sources, rules: forbidDrivers(drivers) },
  ...[...new Set(drivers.flatMap(({ rooms }) => rooms))].map((room) => ({
    files: [`${room}/**/*.ts`],
    rules: forbidDrivers(drivers.filter(({ rooms }) => !rooms.includes(room))),
  })),
  { files: tests, rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
];

function forbidDrivers(forbidden) {
  const paths = forbidden.map(({ name, why, allowTypeImports = false }) => ({
    name,
    message: why,
    allowTypeImports,
  }));
  return {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: [
          ...paths,
          {
            name: 'node:process',
            importNames: ['env', 'stdout', 'stderr'],
            message: 'Settings come from src/app/config.ts, words go through the logger or src/cli.',
          },
        ],
      },
    ],
  };
}

export default defineConfig(
  globalIgnores([
    'dist/',
    'dist-bench/',
    'data/',
    'data-demo/',
    '.test-results/',
    'test-output/',
    'bench-results/',
    'coverage/',
  ]),

  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.{js,mjs,cjs}'], extends: [eslint.configs.recommended] },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: readonlyGlobals(
        'AbortController Buffer URL console process performance setTimeout clearTimeout',
      ),
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: readonlyGlobals('module require') },
  },

  {
    files: ['**/*.{ts,tsx}'],
    extends: [eslint.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // What CONTRIBUTING.md asks for.
      'max-lines': ['error', { max: 300 }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/promise-function-async': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],

      // Strict rules that cost more reading than they save here.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          allowNumber: true,
          allowBoolean: true,
          allow: ['Error', 'URL', 'URLSearchParams'],
        },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An interface may promise what one implementation does without waiting.
      '@typescript-eslint/require-await': 'off',
      // It does not see that something else may have changed across an `await`: a second look at
      // `signal.aborted` is no mistake.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // noUncheckedIndexedAccess asks for a `!` wherever the lines before prove an index.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A type parameter used once is how a call across a thread names its answer.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Control characters are what hostile ids and bodies are made of.
      'no-control-regex': 'off',
    },
  },

  ...driverRules,
  {
    files: sources,
    ignores: ['src/app/config.ts'],
    rules: {
      'no-restricted-properties': ['error', ...processProperties({ env: true, streams: true })],
    },
  },
  {
    files: ['src/app/config.ts'],
    rules: { 'no-restricted-properties': ['error', ...processProperties({ env: false, streams: true })] },
  },
  {
    files: ['src/cli/**/*.ts'],
    rules: {
      'no-console': 'off',
      'no-restricted-properties': ['error', ...processProperties({ env: true, streams: false })],
    },
  },
  {
    files: sources,
    ignores: ['src/net/**', 'src/simulator/**', 'src/contract/**', 'src/cli/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'src/net is the only way out: it checks every address.' },
      ],
    },
  },
  {
    files: givenTime,
    ignores: threads,
    rules: {
      'no-restricted-syntax': ['error', ...givenTimeAndChance()],
    },
  },

  { files: ['console/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat.recommended], rules: consoleRules() },
  {
    files: [...tests, 'bench/**/*.ts', 'vitest.config.ts', 'console/vite.config.ts'],
    rules: {
      'max-lines': ['error', { max: 500 }],
      'no-console': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
    },
  },
);

function consoleRules() {
  return {
    // The router sends readers elsewhere by throwing what is no Error.
    '@typescript-eslint/only-throw-error': [
      'error',
      { allow: [{ from: 'package', package: '@tanstack/router-core', name: 'Redirect' }] },
    ],
    // React's own handlers may be async: what they reject with is shown by the mutation they run.
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  };
}

function readonlyGlobals(names) {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'readonly']));
}

function processProperties({ env, streams }) {
  const forbid = (property, message) => ({ object: 'process', property, message });
  return [
    ...(env ? [forbid('env', 'Only src/app/config.ts reads the environment; take a setting instead.')] : []),
    ...(streams
      ? ['stdout', 'stderr'].map((name) =>
          forbid(name, 'The console streams belong to src/cli; use the logger.'),
        )
      : []),
  ];
}

function givenTimeAndChance() {
  const message =
    'Time and chance are handed in (Clock, Random in src/domain/clock.ts), so that a test owns them.';
  return [
    "MemberExpression[object.name='Date'][property.name='now']",
    "MemberExpression[object.name='Math'][property.name='random']",
    "NewExpression[callee.name='Date'][arguments.length=0]",
    "CallExpression[callee.name='Date']",
  ].map((selector) => ({ selector, message }));
}
