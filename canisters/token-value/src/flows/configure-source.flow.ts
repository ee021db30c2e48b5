import { ok, type Result } from '@decent-cloud/domain/result.ts';
import {
  found,
  invalidArgument,
  type RequestRefusal,
} from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { checkSource, type PriceSource } from '../core/sources/price-source.ts';
import type { TokenValueStorage } from '../storage/token-value-storage.ts';

interface Canister {
  readonly runtime: Runtime;
  readonly storage: TokenValueStorage;
}

/** Lets a controller add a source. Gives its id. */
export function addSource(
  { runtime, storage }: Canister,
  raw: PriceSource,
): Result<number, RequestRefusal> {
  const by = requireController(runtime);
  if (by.kind === 'err') return by;
  const source = checkSource(raw);
  if (source.kind === 'err') return invalidArgument(source.error);
  return ok(storage.sources.append(null, source.value));
}

/** Lets a controller switch a source on or off. What it asks never changes: add another instead. */
export function setSourceEnabled(
  { runtime, storage }: Canister,
  change: { readonly seq: number; readonly isEnabled: boolean },
): Result<PriceSource, RequestRefusal> {
  const by = requireController(runtime);
  if (by.kind === 'err') return by;
  const source = found(storage.sources.get(null, change.seq), 'source');
  if (source.kind === 'err') return source;
  const value = { ...source.value, isEnabled: change.isEnabled };
  storage.sources.replace(null, { seq: change.seq, value });
  return ok(value);
}
