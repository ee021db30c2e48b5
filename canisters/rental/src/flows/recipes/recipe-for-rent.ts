import type { Principal } from '@dfinity/principal';
import { andThen, ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { MachineSpec } from '../../core/market/catalogue.ts';
import type { OfferedRecipe } from '../../core/market/offering.ts';
import { carriedInputs, checkInputs, type RentalInputs } from '../../core/recipes/inputs.ts';
import { machineMisfit } from '../../core/recipes/machine-fit.ts';
import type { Recipe, RecipeVersion, VersionRef } from '../../core/recipes/recipe.ts';
import { isAbove } from '../../core/recipes/version-index.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { knownRecipe, knownVersion, refOf, versionIndex } from './known-recipe.ts';
import { refuseYanked, resolveRange, type ResolvedRecipe } from './resolve-range.ts';

/** What a rental freezes about its recipe. */
export interface RecipeForRent {
  readonly recipe: Recipe;
  readonly version: RecipeVersion;
  readonly ref: VersionRef;
  /** Complete: defaults are filled in. */
  readonly inputs: RentalInputs;
  readonly authorPrincipal: Principal;
  /** Those of the offer's machines that the version runs on, in their order. */
  readonly machines: readonly MachineSpec[];
}

/** What an upgrade runs. */
export type RecipeForUpgrade = Omit<RecipeForRent, 'machines' | 'authorPrincipal'>;

/** The version that the offer means now, if it runs on the first of the machines. */
export function recipeForRent(
  c: RentalCanister,
  asked: {
    readonly offered: OfferedRecipe;
    readonly machines: readonly MachineSpec[];
    readonly inputs: RentalInputs;
  },
): Result<RecipeForRent, RentalError> {
  return andThen(resolveRange(c, asked.offered), (resolved) => {
    const { recipe, version } = resolved;
    const machines = asked.machines.filter((machine) => !machineMisfit(version, machine));
    const fit = checkFit(resolved, asked.machines.slice(0, 1));
    if (fit.kind === 'err') return fit;
    return andThen(complete(version, asked.inputs), (inputs) =>
      ok({ ...prepared(resolved, inputs), authorPrincipal: recipe.payee, machines }),
    );
  });
}

/**
 * A higher version of the same recipe that is not yanked and runs on the machine. What was said to
 * the version before is carried over where the new one still takes it; `inputs` replace it.
 */
export function recipeForUpgrade(
  c: RentalCanister,
  asked: {
    readonly current: VersionRef;
    readonly toNumber: number;
    readonly machine: MachineSpec;
    readonly inputs: RentalInputs;
    readonly previous: RentalInputs;
  },
): Result<RecipeForUpgrade, RentalError> {
  const { current, toNumber, machine } = asked;
  const { recipeId } = current;
  return andThen(knownRecipe(c, recipeId), (recipe) =>
    andThen(knownVersion(c, { recipeId, number: toNumber }), (version) => {
      const resolved = { recipe, version };
      if (!isAbove(versionIndex(c, recipeId), { from: current.number, to: toNumber })) {
        const rule = `must be a version above ${current.semver}, which runs now`;
        return invalidArgument({ argument: 'to', rule });
      }
      if (version.status.kind === 'yanked') {
        return refuseYanked({ ...resolved, end: `Your machine goes on with ${current.semver}.` });
      }
      const fit = checkFit(resolved, [machine]);
      if (fit.kind === 'err') return fit;
      const { fields } = version;
      const now = carriedInputs({ fields, before: asked.previous, now: asked.inputs });
      return andThen(complete(version, now), (inputs) => ok(prepared(resolved, inputs)));
    }),
  );
}

function prepared(resolved: ResolvedRecipe, inputs: RentalInputs): RecipeForUpgrade {
  const { recipe, version } = resolved;
  return { recipe, version, ref: refOf(recipe, version), inputs };
}

function checkFit(
  { recipe, version }: ResolvedRecipe,
  machines: readonly MachineSpec[],
): Result<null, RentalError> {
  for (const machine of machines) {
    const misfit = machineMisfit(version, machine);
    if (misfit === undefined) continue;
    const reason = `${recipe.name} ${version.semver} does not run on ${machine.machineType}: ${misfit}.`;
    return refuse(
      { kind: 'recipe-unavailable', reason },
      `${reason} Nothing was taken. Choose a larger machine or another version.`,
    );
  }
  return ok(null);
}

function complete(
  { fields }: RecipeVersion,
  inputs: RentalInputs,
): Result<RentalInputs, RentalError> {
  const checked = checkInputs({ fields, inputs });
  return checked.kind === 'ok' ? checked : invalidArgument(checked.error);
}
