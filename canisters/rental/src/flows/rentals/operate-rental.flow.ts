import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { andThen, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { PowerAction, Rental } from '../../core/rentals/rental.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { applyRentalEvent } from './apply-event.ts';
import { chosenKeys } from './check-setup.ts';
import { ownRental } from './own-rental.ts';
import { operable, startOperation } from './start-operation.ts';

/** Switches the machine on or off, or restarts it. The paid time goes on. */
export function setPower(
  c: RentalCanister,
  asked: { readonly rentalId: RentalId; readonly action: PowerAction },
): Result<Rental, RentalError> {
  const { rentalId, action } = asked;
  return andThen(ownRental(c, { rentalId, as: 'renter' }), ({ rental }) =>
    andThen(operable(c, rental), ({ power }) => {
      const isSo = action === power || (action === 'reboot' && power === 'off');
      if (!isSo) return startOperation(c, rental, { kind: 'power', action });
      const message =
        `The machine is ${power}. Nothing was done, and nothing is charged. ` +
        'Choose another action if that is not what you want.';
      return refuse({ kind: 'wrong-state', state: power }, message);
    }),
  );
}

/** Replaces the keys that may sign in. A key of an account may be named by its fingerprint. */
export function rotateSshKeys(
  c: RentalCanister,
  asked: { readonly rentalId: RentalId; readonly sshKeys: readonly string[] },
): Result<Rental, RentalError> {
  const { rentalId } = asked;
  return andThen(ownRental(c, { rentalId, as: 'renter' }), ({ account, rental }) =>
    andThen(operable(c, rental), () =>
      andThen(chosenKeys(account, asked.sshKeys), (sshKeys) => {
        const { configs } = c.storage.rentals;
        const config = present(configs.get(rentalId), 'a running rental has no configuration');
        configs.set(rentalId, { ...config, sshKeys });
        return startOperation(c, rental, { kind: 'rotate-ssh-keys' });
      }),
    ),
  );
}

/** Notes that the renter does not want a version; what runs stays, and it can still be chosen. */
export function skipVersion(
  c: RentalCanister,
  asked: { readonly rentalId: RentalId; readonly number: number },
): Result<Rental, RentalError> {
  const { rentalId, number } = asked;
  return andThen(ownRental(c, { rentalId, as: 'renter' }), ({ rental }) => {
    const { deployment } = rental;
    const { versions } = c.storage.recipes;
    const count = deployment === undefined ? 0 : versions.length(deployment.recipeId);
    if (deployment !== undefined && (number < 0 || number >= count)) {
      const rule = `must be a version of ${deployment.name}, 0 to ${count - 1}`;
      return invalidArgument({ argument: 'number', rule });
    }
    return applyRentalEvent(c, rentalId, { kind: 'version-skipped', number });
  });
}
