import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { ArchiveStorage } from '../storage/archive-storage.ts';

/** What flows work with; put together once in the composition root. */
export interface ArchiveCanister {
  readonly runtime: Runtime;
  readonly storage: ArchiveStorage;
}
