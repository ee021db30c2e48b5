import { vi } from 'vitest';

/** Limits for what hangs, however busy this computer is; no measure of speed. */
const LIMIT_MS = 600_000;
export const PATIENCE_MS = 300_000;

/** For specs with processes and machines of their own, to be called at the top. */
export function bePatient(): void {
  vi.setConfig({ testTimeout: LIMIT_MS, hookTimeout: LIMIT_MS });
}
