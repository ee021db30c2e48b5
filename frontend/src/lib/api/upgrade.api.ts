import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

/** Undefined if there is no such recipe. */
export async function readRecipe(
  { rental }: Caller,
  recipeId: bigint,
): Promise<Rental.RecipeView | undefined> {
  return okUnless('NotFound', await rental.get_recipe(recipeId));
}

/** Starts an upgrade. Inputs from before are kept where nothing else is said. */
export async function upgradeRecipe(
  { rental }: Caller,
  asked: {
    readonly rentalId: bigint;
    readonly to: number;
    readonly inputs: Rental.RentalInputs;
    /** All secrets anew, sealed to the agent; without them those from before are used. */
    readonly sealedSecrets: Uint8Array | undefined;
  },
): Promise<void> {
  okOf(
    await rental.upgrade_recipe({
      rental_id: asked.rentalId,
      to: asked.to,
      inputs: asked.inputs,
      sealed_secrets: asked.sealedSecrets === undefined ? [] : [asked.sealedSecrets],
    }),
  );
}

/** Says that a version is not wanted; it can still be chosen. */
export async function skipVersion(
  { rental }: Caller,
  asked: { readonly rentalId: bigint; readonly number: number },
): Promise<void> {
  okOf(await rental.skip_version({ rental_id: asked.rentalId, number: asked.number }));
}
