import type { Principal } from '@dfinity/principal';
import type { CanisterName } from '../canisters/layout.ts';
import { StartError } from './start-error.ts';

/** Where each of the canisters is. */
export function deploymentOf(
  canisters: readonly { readonly name: CanisterName; readonly canisterId: Principal }[],
): Readonly<Record<CanisterName, Principal>> {
  const idOf = (wanted: CanisterName): Principal => {
    const found = canisters.find(({ name }) => name === wanted);
    if (found === undefined) throw new StartError(`${wanted} was not deployed`);
    return found.canisterId;
  };
  return {
    rental: idOf('rental'),
    treasury: idOf('treasury'),
    'token-value': idOf('token-value'),
    archive: idOf('archive'),
  };
}
