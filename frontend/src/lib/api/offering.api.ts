import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Rental } from './wire.ts';

type Caller = Pick<Actors, 'rental'>;

const PAGE = 50;

export type OfferingStatusName = 'Open' | 'Paused' | 'Retired';

const STATUS: Readonly<Record<OfferingStatusName, Rental.OfferingStatus>> = {
  Open: { Open: null },
  Paused: { Paused: null },
  Retired: { Retired: null },
};

/** All of a seller's offers that are not retired; at most 200. */
export async function listLiveOfferings(
  caller: Caller,
  provider: bigint,
): Promise<readonly Rental.Offering[]> {
  const rows: Rental.Offering[] = [];
  let from: bigint | undefined;
  do {
    const page = await offeringPage(caller, { provider, isRetired: false, from });
    rows.push(...page.rows);
    [from] = page.next;
  } while (from !== undefined);
  return rows;
}

export async function listRetiredOfferings(
  caller: Caller,
  asked: { readonly provider: bigint; readonly from: bigint | undefined },
): Promise<Rental.OfferingPage> {
  return offeringPage(caller, { ...asked, isRetired: true });
}

export async function readOffering({ rental }: Caller, id: bigint): Promise<Rental.OfferingView> {
  return okOf(await rental.get_offering(id));
}

/** The offer is open at once. */
export async function createOffering(
  { rental }: Caller,
  input: Rental.OfferingInput,
): Promise<Rental.Offering> {
  return okOf(await rental.create_offering(input));
}

/** For rentals to come. */
export async function updateOffering(
  { rental }: Caller,
  change: { readonly id: bigint; readonly input: Rental.OfferingInput },
): Promise<Rental.Offering> {
  const { id, input } = change;
  return okOf(await rental.update_offering({ offering_id: id, input }));
}

/** What is retired stays so. */
export async function setOfferingStatus(
  { rental }: Caller,
  change: { readonly id: bigint; readonly status: OfferingStatusName },
): Promise<Rental.Offering> {
  const { id, status } = change;
  return okOf(await rental.set_offering_status({ offering_id: id, status: STATUS[status] }));
}

async function offeringPage(
  { rental }: Caller,
  asked: {
    readonly provider: bigint;
    readonly isRetired: boolean;
    readonly from: bigint | undefined;
  },
): Promise<Rental.OfferingPage> {
  const { provider, isRetired, from } = asked;
  const request: Rental.ProviderOfferings = {
    provider,
    is_retired: isRetired,
    from: from === undefined ? [] : [from],
    limit: PAGE,
  };
  return okOf(await rental.list_provider_offerings(request));
}

/** A recipe with all of its versions. */
export interface RecipeToOffer {
  readonly view: Rental.RecipeView;
  readonly versions: readonly Rental.RecipeVersion[];
}

const VERSIONS = 20;

/** What an offer can promise to run. */
export async function readRecipeToOffer(
  { rental }: Caller,
  recipeId: bigint,
): Promise<RecipeToOffer> {
  const view = okOf(await rental.get_recipe(recipeId));
  const versions: Rental.RecipeVersion[] = [];
  let from: [] | [bigint] = [];
  do {
    const page: Rental.VersionPage = okOf(
      await rental.list_versions(recipeId, { from, limit: VERSIONS, newest_first: true }),
    );
    versions.push(...page.rows.map(({ value }) => value.version));
    from = page.next;
  } while (from.length > 0);
  return { view, versions };
}

/** Names of the recipes that offers run, by their numbers. */
export async function readRecipeNames(
  { rental }: Caller,
  offerings: readonly Pick<Rental.Offering, 'recipe'>[],
): Promise<ReadonlyMap<bigint, string>> {
  const ids = new Set(offerings.flatMap(({ recipe }) => recipe.map(({ recipe_id: id }) => id)));
  const names = await Promise.all(
    [...ids].map(async (id) => [id, okOf(await rental.get_recipe(id)).recipe.name] as const),
  );
  return new Map(names);
}
