import { IDL } from '@dfinity/candid';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromWire, type Wire } from '@decent-cloud/kit/wire/wire.ts';
import type { RecipeId } from '../../core/ids.ts';
import * as any from '../../storage/recipes/recipe-values.arbitrary.ts';
import { newRecipe, newVersion, recipe, recipeView, upgradeRequest } from './recipes-wire.ts';
import { version, withdrawal } from './recipes-wire.ts';

/** Through Candid and back. */
function sent<T>(wire: Wire<T>, value: T): T {
  const [raw] = IDL.decode([wire.type], IDL.encode([wire.type], [wire.to(value)]));
  return fromWire(wire, raw);
}

function comesThrough<T>(wire: Wire<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(sent(wire, value)).toEqual(value);
    }),
    { numRuns: 200 },
  );
}

describe('recipes in Candid', () => {
  it('come through as they are', () => {
    comesThrough(recipe, any.recipe);
    comesThrough(version, any.version);
    comesThrough(newVersion, fc.record({ recipeId: anyId, input: any.versionInput }));
    comesThrough(
      newRecipe,
      any.recipe.map(({ name, description, icon, tags, authorBps }) => {
        return { name, description, icon, tags, authorBps };
      }),
    );
  });

  it('have the names that the service promises', () => {
    const asked = { recipeId: 1 as RecipeId, number: 2, reason: 'old' };
    expect(withdrawal.to(asked)).toEqual({ recipe_id: 1n, number: 2, reason: 'old' });
    expect(upgradeRequest.to({ recipeId: 1 as RecipeId, from: 0, to: 3 })).toEqual({
      recipe_id: 1n,
      from: 0,
      to: 3,
    });
  });

  it('show no times of single runs', () => {
    const views = fc.record({
      recipe: any.recipe,
      current: any.versionIndex.map(({ current }) => current),
      stats: any.runStats,
    });
    fc.assert(
      fc.property(views, (view) => {
        const stats = { ...view.stats, readySeconds: undefined };
        expect(sent(recipeView, view)).toEqual({ ...view, stats });
      }),
      { numRuns: 100 },
    );
  });
});

const anyId = fc.nat() as fc.Arbitrary<RecipeId>;
