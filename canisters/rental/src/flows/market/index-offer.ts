import type { MachineSpec } from '../../core/market/catalogue.ts';
import type { Offering } from '../../core/market/offering.ts';
import { specOfChoice } from '../../core/market/orderable.ts';
import { indexEntryOf, type IndexFacts } from '../../core/market/search/index-entry.ts';
import { resolveRange } from '../recipes/resolve-range.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { isSame } from './check-offer-market.ts';

/** Puts an offer where searches find it by what is true now, or takes it out. */
export function indexOffer(c: RentalCanister, offering: Offering): void {
  const account = c.storage.accounts.cloudAccounts.get(offering.cloudAccountId);
  const { index, stats, scores } = c.storage.market;
  if (account === undefined) {
    index.put(offering.id, undefined);
    return;
  }
  const facts: IndexFacts = {
    backend: account.backend,
    machines: machinesOf(c, offering),
    ...recipeFacts(c, offering),
    trust: scores.get(offering.provider)?.score,
    p50Seconds: stats.get(offering.id)?.p50Seconds,
  };
  index.put(offering.id, indexEntryOf(offering, facts));
}

/** A machine that has left the catalogue stays as it was last seen. */
function machinesOf(c: RentalCanister, offering: Offering): readonly MachineSpec[] {
  const { catalogues, index } = c.storage.market;
  const lookup = catalogues.lookup(offering.cloudAccountId);
  const before = index.entry(offering.id)?.card.machines ?? [];
  const machines: MachineSpec[] = [];
  for (const choice of offering.choices) {
    const spec = specOfChoice(lookup, choice);
    const machine = spec.kind === 'ok' ? spec.value : before.find((one) => isSame(one, choice));
    if (machine !== undefined) machines.push(machine);
  }
  return machines;
}

function recipeFacts(
  c: RentalCanister,
  { recipe: offered }: Offering,
): Pick<IndexFacts, 'recipe' | 'isRecipeRentable'> {
  if (offered === undefined) return { recipe: undefined, isRecipeRentable: true };
  const recipe = c.storage.recipes.recipes.get(offered.recipeId);
  if (recipe === undefined) return { recipe: undefined, isRecipeRentable: false };
  const { id: recipeId, name, icon, tags } = recipe;
  const isRecipeRentable = resolveRange(c, offered).kind === 'ok';
  return { recipe: { recipeId, name, icon, tags }, isRecipeRentable };
}
