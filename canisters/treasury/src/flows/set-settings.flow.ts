import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument, type RequestRefusal } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import type { Settings } from '../core/settings.ts';
import type { TransferCanister } from './transfers/transfer-canister.ts';
import { recordEvent } from './record-event.flow.ts';

/**
 * Lets a controller name whom the treasury listens to. Only quotes from now on obey the new ones:
 * what is paid keeps the reporter and the arbiter that its payer agreed to.
 */
export function setSettings(
  { runtime, storage }: Pick<TransferCanister, 'runtime' | 'storage'>,
  settings: Settings,
): Result<number, RequestRefusal> {
  const by = requireController(runtime);
  if (by.kind === 'err') return by;
  for (const [argument, who] of Object.entries({
    rental: settings.rental,
    arbiter: settings.arbiter,
    token_value: settings.tokenValue,
  })) {
    if (who.isAnonymous()) return invalidArgument({ argument, rule: 'must have an identity' });
  }
  const event = { kind: 'settings-changed', by: by.value, settings } as const;
  return ok(recordEvent(storage, { at: runtime.time(), event }));
}
