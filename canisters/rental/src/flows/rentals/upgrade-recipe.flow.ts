import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { andThen, type Result } from '@decent-cloud/domain/result.ts';
import { boundInputs, type RentalInputs } from '../../core/recipes/inputs.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { recipeForUpgrade, type RecipeForUpgrade } from '../recipes/recipe-for-rent.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { checkRecipient, checkSealed } from './check-setup.ts';
import { ownRental } from './own-rental.ts';
import { operable, startOperation } from './start-operation.ts';

export interface UpgradeInput {
  readonly rentalId: RentalId;
  /** Number of the version. */
  readonly to: number;
  /** In place of what was said before; the rest is carried over. */
  readonly inputs: RentalInputs;
  /** All secrets anew, if one of them changes; otherwise those from before are used. */
  readonly sealedSecrets: Uint8Array | undefined;
}

/**
 * Starts an upgrade of the recipe on the machine. If the new version does not pass its health check
 * the old one is put back by itself, with its inputs.
 */
export function upgradeRecipe(c: RentalCanister, input: UpgradeInput): Result<Rental, RentalError> {
  const { rentalId } = input;
  const bounded = boundInputs(input.inputs);
  if (bounded.kind === 'err') return invalidArgument(bounded.error);
  return andThen(ownRental(c, { rentalId, as: 'renter' }), ({ account, rental }) =>
    andThen(operable(c, rental), () => {
      const { deployment: from } = rental;
      if (from === undefined) {
        const message =
          'This is a bare machine: no recipe runs on it. Nothing was done. ' +
          'Rent an offer with the recipe, or set it up by SSH.';
        return refuse({ kind: 'recipe-unavailable', reason: 'a bare machine' }, message);
      }
      return andThen(upgradeOf(c, { rental, input }), (upgrade) =>
        andThen(checkRecipient(account, upgrade.version), () =>
          andThen(takeInputs(c, rentalId, { upgrade, input }), () =>
            startOperation(c, rental, { kind: 'upgrade-recipe', from, to: upgrade.ref }),
          ),
        ),
      );
    }),
  );
}

function upgradeOf(
  c: RentalCanister,
  { rental, input }: { readonly rental: Rental; readonly input: UpgradeInput },
): Result<RecipeForUpgrade, RentalError> {
  const { terms, configs } = c.storage.rentals;
  const { choices } = present(terms.get(rental.id), 'a rental has no terms');
  const config = present(configs.get(rental.id), 'a running rental has no configuration');
  return recipeForUpgrade(c, {
    current: present(rental.deployment, 'no recipe runs on it'),
    toNumber: input.to,
    machine: present(choices[rental.choiceIndex], 'a machine that was never agreed'),
    inputs: input.inputs,
    previous: config.inputs,
  });
}

/** The new inputs are what jobs read; the old ones are kept until the upgrade has come to its end. */
function takeInputs(
  c: RentalCanister,
  rentalId: RentalId,
  { upgrade, input }: { readonly upgrade: RecipeForUpgrade; readonly input: UpgradeInput },
): Result<null, RentalError> {
  const { configs, secrets } = c.storage.rentals;
  const config = present(configs.get(rentalId), 'a running rental has no configuration');
  const known = secrets.get(rentalId)?.sealed;
  const isCarriedOver = upgrade.inputs.secretNames.every((name) =>
    config.inputs.secretNames.includes(name),
  );
  const given = input.sealedSecrets ?? (isCarriedOver ? known : undefined);
  const wanted = upgrade.inputs.secretNames.length === 0 ? undefined : given;
  const checked = checkSealed(input.sealedSecrets === undefined ? wanted : given, upgrade.inputs);
  return andThen(checked, (sealed) => {
    configs.set(rentalId, { ...config, inputs: upgrade.inputs, inputsBefore: config.inputs });
    if (known !== undefined || sealed !== undefined) {
      const none = new Uint8Array(0);
      secrets.set(rentalId, { sealed: sealed ?? none, sealedBefore: known ?? none });
    }
    return { kind: 'ok', value: null };
  });
}
