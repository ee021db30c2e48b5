import type { Principal } from '@dfinity/principal';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import type { ArchiveStorage } from '../storage/archive-storage.ts';
import type { ArchiveRefusal } from './archive-errors.ts';

/** Lets a controller say which canisters hand rentals over. */
export function setWriter(
  { runtime, storage }: { readonly runtime: Runtime; readonly storage: ArchiveStorage },
  change: { readonly writer: Principal; readonly isAllowed: boolean },
): Result<null, ArchiveRefusal> {
  const by = requireController(runtime);
  if (by.kind === 'err') return by;
  const { writer, isAllowed } = change;
  if (writer.isAnonymous())
    return invalidArgument({ argument: 'writer', rule: 'must be somebody' });
  if (!isAllowed) storage.writers.remove(writer);
  else if (!storage.writers.has(writer)) storage.writers.set(writer, { since: runtime.time() });
  return ok(null);
}
