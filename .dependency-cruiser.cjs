const TEST_FILES = '(\\.spec\\.ts$|\\.arbitrary\\.ts$|/test/|^\\.ci/|^test/)';
const IO_MODULES =
  '^(node:)?(fs|fs/promises|http|https|http2|net|dgram|child_process|worker_threads|os|timers|timers/promises|perf_hooks)$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other to run are one; types are erased and may refer both ways.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolved',
      comment: 'SvelteKit makes `$app/…` while it builds.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^\\$app/' },
    },
    {
      name: 'no-undeclared-packages',
      comment:
        'Production code declares each package in its own package.json; tests share the root.',
      severity: 'error',
      from: { path: '/src/', pathNot: TEST_FILES },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'domain-is-a-leaf',
      comment: 'domain is imported by everyone and imports nobody.',
      severity: 'error',
      from: { path: '^domain/src', pathNot: TEST_FILES },
      to: { path: '^(canisters|frontend|localnet|offchain-bridge|scripts)/' },
    },
    {
      name: 'domain-has-no-host',
      severity: 'error',
      from: { path: '^domain/src', pathNot: TEST_FILES },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-imports-only-domain',
      comment: 'core is pure: flows, storage and adapters depend on it, never the other way.',
      severity: 'error',
      from: { path: '^(canisters/[^/]+|offchain-bridge)/src/core/', pathNot: TEST_FILES },
      to: {
        path: '^(canisters|frontend|localnet|offchain-bridge)/',
        pathNot: ['^(canisters/[^/]+|offchain-bridge)/src/core/'],
      },
    },
    {
      name: 'flows-do-not-import-entries',
      comment: 'Entries (endpoints, HTTP, main) call flows and workers, never the other way.',
      severity: 'error',
      from: { path: '/src/(flows|workers|timers)/' },
      to: { path: '/src/(endpoints|http)/|/src/(main|index)\\.ts$' },
    },
    {
      name: 'localnet-core-is-inner',
      comment: 'The replica knows nothing of HTTP, files or processes; adapters know the replica.',
      severity: 'error',
      from: { path: '^localnet/src/(core|mgmt|wasm)/', pathNot: TEST_FILES },
      to: { path: '^localnet/src/(http|gateway|pic|system|launcher|persist|cli|host)/' },
    },
    {
      name: 'localnet-core-does-no-io',
      comment:
        'Hashing and gzip are pure and allowed; files, sockets, clocks and processes are not.',
      severity: 'error',
      from: { path: '^localnet/src/(core|mgmt|wasm)/', pathNot: TEST_FILES },
      to: { path: IO_MODULES },
    },
    {
      name: 'frontend-uses-declarations-only',
      comment: 'The frontend knows canisters by their Candid declarations, not by their source.',
      severity: 'error',
      from: { path: '^frontend/' },
      to: { path: '^(canisters|localnet|offchain-bridge)/', pathNot: '/declarations/' },
    },
    {
      name: 'canisters-do-not-import-each-other',
      severity: 'error',
      from: { path: '^canisters/([^/]+)/src/', pathNot: TEST_FILES },
      to: {
        path: '^canisters/[^/]+/src/',
        pathNot: ['^canisters/$1/src/', '^canisters/(kit|text-codec)/src/', '/declarations/'],
      },
    },
    {
      name: 'deployables-do-not-import-localnet',
      comment: 'On the network there is no localnet.',
      severity: 'error',
      from: { path: '^(canisters|frontend|offchain-bridge|domain)/', pathNot: TEST_FILES },
      to: { path: '^localnet/' },
    },
    {
      name: 'production-does-not-import-tests',
      severity: 'error',
      from: { pathNot: [TEST_FILES, '^vitest\\.config\\.ts$', '^scripts/test'] },
      to: { path: TEST_FILES },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.azle|\\.cache|\\.localnet|\\.svelte-kit|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default', 'svelte'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.json', '.d.ts'],
    },
  },
};
