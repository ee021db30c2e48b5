import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { requireController, type CallerError } from '@decent-cloud/kit/runtime/callers.ts';
import type { CanisterParts } from './canister-parts.ts';
import type { StartedSource } from './sampler.ts';

/**
 * Lets a controller ask all sources before their time, though none within four minutes of its last
 * time. Waits for nobody: their answers are in the status a few seconds later.
 */
export function sampleNow({
  runtime,
  sampler,
}: CanisterParts): Result<readonly StartedSource[], CallerError> {
  const by = requireController(runtime);
  return by.kind === 'err' ? by : ok(sampler.tick());
}
