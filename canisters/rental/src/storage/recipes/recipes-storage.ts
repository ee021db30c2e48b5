import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { idKey, uint32 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { text as textKey } from '@decent-cloud/kit/keys/text-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import { bytes, number, plainAs } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { RecipeId } from '../../core/ids.ts';
import type { PublishQuota } from '../../core/recipes/publish-quota.ts';
import type { RecipeVersion } from '../../core/recipes/recipe.ts';
import type { RunStats } from '../../core/recipes/run-stats.ts';
import type { OpenNamed } from '../memory-ids.ts';
import { indexFields, recipeFields, statsFields, versionFields } from './recipe-fields.ts';

/** In the counters that all areas share. Never renumbered. */
const RECIPE_COUNTER = 3;
const CACHED = { recipes: 256, indexes: 256, stats: 256 };
/** The row of a recipe's stats over all versions; never a version's number. */
const ALL_VERSIONS = 2 ** 32 - 1;

/** What is stored about recipes. */
export type RecipeStorage = ReturnType<typeof openRecipeStorage>;

export function openRecipeStorage(store: OpenNamed) {
  return {
    ids: new IdAllocator<RecipeId>({ store: store('counters'), counter: RECIPE_COUNTER }),
    recipes: openTable({
      store: store('recipes'),
      key: idKey<RecipeId>(),
      fields: recipeFields,
      cachedValues: CACHED.recipes,
    }),
    /** Names are never free again. */
    names: openTable<string, { readonly id: RecipeId }>({
      store: store('recipe_names'),
      key: textKey,
      fields: { id: plainAs<RecipeId>() },
    }),
    /** Under `ALL_RECIPES`, `byAuthor` and `byTag`. */
    lists: new LinkedList<string, RecipeId>({ store: store('recipe_links'), parent: textKey }),
    versions: new DenseList<RecipeId, RecipeVersion>({
      store: store('recipe_versions'),
      parent: idKey<RecipeId>(),
      value: valueCodec({ version: 1, fields: versionFields }),
    }),
    indexes: openTable({
      store: store('recipe_indexes'),
      key: idKey<RecipeId>(),
      fields: indexFields,
      cachedValues: CACHED.indexes,
    }),
    /** UTF-8 by SHA-256: a script that many versions have is there once. */
    scripts: openTable<string, { readonly utf8: Uint8Array }>({
      store: store('scripts'),
      key: textKey,
      fields: { utf8: bytes },
    }),
    quotas: openTable<AccountId, PublishQuota>({
      store: store('recipe_authors'),
      key: idKey<AccountId>(),
      fields: { day: number, published: number, moved: number },
    }),
    stats: new StableMap<readonly [RecipeId, number], RunStats>({
      store: store('recipe_stats'),
      key: keyCodec(composite(idKey<RecipeId>(), uint32)),
      value: valueCodec({ version: 1, fields: statsFields }),
      cachedValues: CACHED.stats,
    }),
  };
}

export const ALL_RECIPES = 'all';

/** The list of an author's recipes. */
export function byAuthor(author: AccountId): string {
  return `author:${author}`;
}

export function byTag(tag: string): string {
  return `tag:${tag}`;
}

/** Where the stats of one version are, or of all. */
export function statsKey(recipeId: RecipeId, number?: number): readonly [RecipeId, number] {
  return [recipeId, number ?? ALL_VERSIONS];
}
