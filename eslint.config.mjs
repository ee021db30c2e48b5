import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import jsdoc from 'eslint-plugin-jsdoc';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const TYPED = ['**/*.ts', '**/*.svelte'];
const TESTS = ['**/*.spec.ts', '**/test/**/*.ts'];
/** Pure, deterministic code: everything it needs comes in as an argument. */
const PURE = [
  'domain/src/**/*.ts',
  'canisters/*/src/core/**/*.ts',
  'offchain-bridge/src/core/**/*.ts',
];
/** The replica is as deterministic, but hashes and unzips with Node's own modules. */
const REPLICA = ['localnet/src/core/**/*.ts', 'localnet/src/mgmt/**/*.ts'];
const IO_MODULES = ['fs', 'fs/promises', 'http', 'https', 'net', 'child_process', 'os', 'timers'];
const NO_IO_PACKAGES = {
  group: ['@dfinity/agent', '@icp-sdk/core/agent', 'hono', 'hono/*', '@hono/*'],
  message: 'No I/O here.',
};
/** Boundaries that others program against: every export says what it guarantees. */
const DOCUMENTED = [
  'domain/src/**/*.ts',
  '**/*.port.ts',
  '**/*.endpoints.ts',
  '**/*.route.ts',
  '**/errors.ts',
  '**/*-error.ts',
  'localnet/src/plugins/**/*.ts',
];
const TOOL_CONFIGS = ['*.mjs', '*.ts', '*.cjs', '.ci/reporter.ts', 'frontend/*.config.{js,ts}'];

/** @param {string[]} names */
const bannedInPure = (names) =>
  names.map((name) => ({
    name,
    message: 'Pure code takes time, randomness and effects as values.',
  }));

const restrictedSyntax = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Use named exports, so that a name is the same everywhere.',
  },
  {
    selector: 'ExportAllDeclaration',
    message: 'No barrels: import from the file that defines it.',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a union or a const object.' },
];

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/dist/',
    '**/.azle/',
    '**/.cache/',
    '**/.localnet/',
    '**/.svelte-kit/',
    '**/declarations/',
    'coverage/',
  ]),
  { linterOptions: { noInlineConfig: true } },

  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'no-restricted-syntax': ['error', ...restrictedSyntax],
      'prefer-const': 'error',
      'object-shorthand': 'error',
    },
  },

  {
    files: TYPED,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
    },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.svelte'],
        parser: tseslint.parser,
      },
    },
    rules: {
      'max-lines': ['error', { max: 200 }],
      'prefer-const': 'off',
      'svelte/no-at-html-tags': 'error',
      // The page is at the root of its own origin, always.
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
    },
  },

  {
    files: [...PURE, ...REPLICA],
    rules: {
      'no-restricted-globals': [
        'error',
        ...bannedInPure([
          'Date',
          'performance',
          'fetch',
          'console',
          'process',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'crypto',
        ]),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness comes in as an argument.' },
      ],
    },
  },
  {
    files: PURE,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            NO_IO_PACKAGES,
            { group: ['node:*', ...IO_MODULES], message: 'Pure code has no host.' },
            {
              group: ['azle', 'azle/*'],
              message: 'Azle gives silent defaults outside a canister.',
            },
          ],
        },
      ],
    },
  },
  {
    files: REPLICA,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            NO_IO_PACKAGES,
            {
              group: IO_MODULES.flatMap((name) => [name, `node:${name}`]),
              message: 'The replica does no I/O; adapters do.',
            },
          ],
        },
      ],
    },
  },
  {
    files: DOCUMENTED,
    ignores: [...TESTS, '**/*.arbitrary.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: false },
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'VariableDeclaration'],
        },
      ],
      'jsdoc/no-types': 'error',
    },
  },

  {
    files: TESTS,
    rules: {
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['scripts/**', '.ci/**', '**/cli/**', '**/bench/**', 'localnet/bin/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: [...TOOL_CONFIGS, 'canisters/*/src/index.ts'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax.slice(1)] },
  },
);
