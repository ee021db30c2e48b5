import { ok, type Result } from '@decent-cloud/domain/result.ts';
import {
  found,
  invalidArgument,
  type RequestRefusal,
} from '@decent-cloud/kit/errors/common-errors.ts';
import { RING_CAPACITY } from '../core/samples/ring.ts';
import type { Sample } from '../core/samples/sample.ts';
import type { CanisterParts } from './canister-parts.ts';

/** The newest samples of a source with their raw inputs, newest first; a day of them at most. */
export function readSamples(
  { storage }: CanisterParts,
  wanted: { readonly id: number; readonly limit: number },
): Result<readonly Sample[], RequestRefusal> {
  const { id, limit } = wanted;
  if (limit < 1 || limit > RING_CAPACITY) {
    return invalidArgument({ argument: 'limit', rule: `must be between 1 and ${RING_CAPACITY}` });
  }
  const row = found(storage.config.source(id), 'source');
  return row.kind === 'err' ? row : ok(storage.samples.newest(row.value.id, limit));
}
