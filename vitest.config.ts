import { defineConfig } from 'vitest/config';
import { PlainLineReporter } from './.ci/reporter.ts';

const IGNORED = ['**/node_modules/**', '**/dist/**', '**/.azle/**', '**/.cache/**'];
const CANISTER = '**/*.canister.spec.ts';
const E2E = '**/*.e2e.spec.ts';

const SECOND_MS = 1_000;
/** Far above what any takes: a limit for what hangs, not a measure of speed. */
const UNIT_TIMEOUT_MS = 120 * SECOND_MS;
/** First use of a canister compiles and instruments several megabytes of Wasm. */
const CANISTER_TIMEOUT_MS = 240 * SECOND_MS;
/** External programs: the real CLI, a browser, `npm start` with its builds. */
const E2E_TIMEOUT_MS = 300 * SECOND_MS;

export default defineConfig({
  test: {
    reporters: ['default', new PlainLineReporter()],
    allowOnly: false,
    retry: 0,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.spec.ts'],
          exclude: [...IGNORED, CANISTER, E2E],
          testTimeout: UNIT_TIMEOUT_MS,
          hookTimeout: UNIT_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'canister',
          globalSetup: ['./localnet/src/testing/pic-server.ts'],
          include: [CANISTER],
          exclude: IGNORED,
          testTimeout: CANISTER_TIMEOUT_MS,
          hookTimeout: CANISTER_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [E2E],
          exclude: IGNORED,
          testTimeout: E2E_TIMEOUT_MS,
          hookTimeout: E2E_TIMEOUT_MS,
        },
      },
    ],
  },
});
