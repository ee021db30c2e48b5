import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Provider } from '../../core/accounts/provider.ts';
import { checkProvider, type ProviderInput } from '../../core/accounts/provider-rules.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { actingAccount, actingProvider } from './callers.ts';

/** Makes the caller's account a seller. The principal that calls is the one that is paid, for ever. */
export function registerProvider(
  c: RentalCanister,
  input: ProviderInput,
): Result<Provider, RentalError> {
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  const checked = checkProvider(input);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  const { id } = account.value;
  if (c.storage.accounts.providers.has(id)) {
    const message =
      'You are registered as a seller already. Nothing was changed: call update_provider instead.';
    return refuse({ kind: 'conflict' }, message);
  }
  const at = c.runtime.time();
  const principal = c.runtime.caller();
  return store(c, { ...checked.value, id, principal, createdAt: at, updatedAt: at });
}

/** Changes what a seller says about itself. Who is paid stays the same. */
export function updateProvider(
  c: RentalCanister,
  input: ProviderInput,
): Result<Provider, RentalError> {
  const acting = actingProvider(c);
  if (acting.kind === 'err') return acting;
  const checked = checkProvider(input);
  if (checked.kind === 'err') return invalidArgument(checked.error);
  return store(c, { ...acting.value.provider, ...checked.value, updatedAt: c.runtime.time() });
}

function store(c: RentalCanister, provider: Provider): Result<Provider, RentalError> {
  c.storage.accounts.providers.set(provider.id, provider);
  return ok(provider);
}
