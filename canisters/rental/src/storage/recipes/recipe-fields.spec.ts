import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fields } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { RentalInputs } from '../../core/recipes/inputs.ts';
import type { VersionRef } from '../../core/recipes/recipe.ts';
import { indexFields, recipeFields, rentalInputs, statsFields } from './recipe-fields.ts';
import { versionFields, versionRef } from './recipe-fields.ts';
import * as any from './recipe-values.arbitrary.ts';

function readsBack<T extends object>(fields: Fields<T>, values: fc.Arbitrary<T>): void {
  const codec = valueCodec<T>({ version: 1, fields });
  fc.assert(
    fc.property(values, (value) => {
      expect(codec.decode(codec.encode(value))).toEqual(value);
    }),
    { numRuns: 300 },
  );
}

describe('stored values of recipes', () => {
  it('are read back as they were written', () => {
    readsBack(recipeFields, any.recipe);
    readsBack(versionFields, any.version);
    readsBack(indexFields, any.versionIndex);
    readsBack(statsFields, any.runStats);
  });

  it('are read back as parts of what others store', () => {
    const inputs: Fields<{ inputs: RentalInputs }> = { inputs: rentalInputs };
    readsBack(inputs, fc.record({ inputs: any.rentalInputs }));
    const ref: Fields<{ ref: VersionRef }> = { ref: versionRef };
    const refs = any.version.map(({ recipeId, number, semver, scriptSha256 }) => ({
      ref: { recipeId, number, semver, scriptSha256, name: 'nextcloud' },
    }));
    readsBack(ref, refs);
  });
});
