import type { ReplicaLimits } from './replica-api.ts';

/** Source: IC resource limits page; dfinity/ic rs/config/src/{subnet_config,execution_environment}. */
export const IC_LIMITS: ReplicaLimits = {
  updateInstructions: 40_000_000_000n,
  queryInstructions: 5_000_000_000n,
  installInstructions: 300_000_000_000n,
  inspectInstructions: 200_000_000n,
  ingressBytes: 2 * 1024 * 1024,
  interCanisterBytes: 2 * 1024 * 1024,
  replyBytes: 2 * 1024 * 1024,
  queryReplyBytes: 3 * 1024 * 1024,
  queueLength: 500,
  wasmModuleBytes: 100 * 1024 * 1024,
  stableMemoryBytes: 500 * 1024 * 1024 * 1024,
  roundMessages: 2_000,
};

/** How long a finished request stays readable and its id is refused a second run. */
export const INGRESS_RETENTION_NS = 10n * 60n * 1_000_000_000n;

export const WASM_PAGE_BYTES = 65_536;
export const WASM32_MEMORY_BYTES_MAX = 4 * 1024 * 1024 * 1024;
/** Default `wasm_memory_limit` of a canister. */
export const WASM_MEMORY_LIMIT_DEFAULT_BYTES = 3n * 1024n * 1024n * 1024n;
