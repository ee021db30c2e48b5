import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument, type RequestRefusal } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { checkTokenConfig, type TokenConfig } from '../core/tokens/token-config.ts';
import type { TreasuryStorage } from '../storage/treasury-storage.ts';
import { recordEvent } from './record-event.flow.ts';

/** Lets a controller configure a token. Gives the number of the event that says so. */
export function setToken(
  { runtime, storage }: { readonly runtime: Runtime; readonly storage: TreasuryStorage },
  raw: TokenConfig,
): Result<number, RequestRefusal> {
  const by = requireController(runtime);
  if (by.kind === 'err') return by;
  const config = checkTokenConfig(raw, storage.tokens.get(raw.ledger));
  if (config.kind === 'err') return invalidArgument(config.error);
  const event = { kind: 'token-configured', by: by.value, config: config.value } as const;
  return ok(recordEvent(storage, { at: runtime.time(), event }));
}
