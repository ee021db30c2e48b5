import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { checkSettings } from '../../core/settings-rules.ts';
import type { Settings } from '../../core/settings.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { requireOperator } from './callers.ts';

/** Sets everything that controllers decide, as a whole. */
export function changeSettings(
  c: Pick<RentalCanister, 'runtime' | 'storage'>,
  input: Settings,
): Result<Settings, RentalError> {
  const operator = requireOperator(c);
  if (operator.kind === 'err') return operator;
  const checked = checkSettings(input);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  c.storage.accounts.settings.set(null, checked.value);
  return ok(checked.value);
}
