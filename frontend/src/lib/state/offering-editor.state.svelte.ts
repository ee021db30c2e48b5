import { readCatalogue } from '../api/catalogue.api.ts';
import {
  createOffering,
  readRecipeToOffer,
  updateOffering,
  type RecipeToOffer,
} from '../api/offering.api.ts';
import { listRecipes } from '../api/recipe.api.ts';
import type { Rental } from '../api/wire.ts';
import type { Asked, CatalogueFacts } from '../services/catalogue.service.ts';
import {
  offeringInputOf,
  priceOf,
  type OfferingErrors,
} from '../services/offering-check.service.ts';
import { formOf, newOfferingForm, type OfferingForm } from '../services/offering-form.service.ts';
import { offeredMachines, type OfferedMachine } from '../services/offering-machines.service.ts';
import { offeredVersion } from '../services/rent-version.service.ts';
import { Action } from './action.state.svelte.ts';
import { app } from './app.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

const RECIPES = 50;
const NS_PER_MS = 1_000_000n;

/** An offer that is being written, beside what its cloud sells and its recipe needs. */
export class OfferingEditor {
  form = $state<OfferingForm>(newOfferingForm(''));
  /** What is wrong is told once somebody tried to save. */
  isTried = $state(false);
  /** The offer as it is, if it is one already. */
  readonly before: Rental.Offering | undefined;
  readonly catalogue = new Resource<CatalogueFacts | undefined>(() => this.#readCatalogue(), {
    what: 'What the cloud sells could not be read.',
  });
  readonly recipes = new Resource(
    async () =>
      (await listRecipes(app.actors, { tag: undefined, from: undefined, limit: RECIPES })).rows,
    { what: 'The recipes could not be read.' },
  );
  readonly recipe = new Resource<RecipeToOffer | undefined>(() => this.#readRecipe(), {
    what: 'The recipe could not be read.',
  });
  readonly saving: Action;

  constructor(start: { readonly offering: Rental.Offering } | { readonly cloudAccountId: string }) {
    const isNew = 'cloudAccountId' in start;
    this.before = isNew ? undefined : start.offering;
    this.form = isNew ? newOfferingForm(start.cloudAccountId) : formOf(start.offering);
    this.saving = new Action({
      what: isNew ? 'The offer was not opened.' : 'The offer was not changed.',
      money: 'No money is involved. Rentals that run keep what they agreed.',
    });
  }

  /** The version that would be rented now; undefined for a bare machine, or if there is none. */
  get version(): Rental.RecipeVersion | undefined {
    const { recipeId, range, version } = this.form;
    const known = this.recipe.value;
    if (recipeId === '' || known?.view.recipe.id.toString() !== recipeId) return undefined;
    return offeredVersion(
      known.versions,
      range === 'Pinned' ? { Pinned: { version } } : { Compatible: { from: version } },
    );
  }

  /** What machines are judged by. */
  get asked(): Asked {
    return { needs: this.version, nowNs: BigInt(Date.now()) * NS_PER_MS };
  }

  /** Its machines, as the catalogue has them; undefined while that is not read. */
  get machines(): readonly OfferedMachine[] | undefined {
    const { value: catalogue } = this.catalogue;
    if (catalogue === undefined) return undefined;
    const before = this.before?.choices ?? [];
    return offeredMachines(catalogue, this.form.choices, { ...this.asked, before });
  }

  get authorBps(): number {
    return this.form.recipeId === '' ? 0 : (this.recipe.value?.view.recipe.author_bps ?? 0);
  }

  /** US dollars × 10^8 for 30 days; undefined while it is no price. */
  get priceUsdE8(): bigint | undefined {
    const price = priceOf(this.form.price);
    return price.kind === 'ok' ? price.value : undefined;
  }

  get errors(): OfferingErrors {
    return this.isTried ? this.#errorsNow() : {};
  }

  /** Gives the offer once it is saved. Never throws. */
  async save(): Promise<Rental.Offering | undefined> {
    this.isTried = true;
    const input = offeringInputOf(this.form);
    if (input.kind === 'err' || Object.keys(this.#errorsNow()).length > 0) return undefined;
    let saved: Rental.Offering | undefined;
    await this.saving.run(async () => {
      saved =
        this.before === undefined
          ? await createOffering(app.actors, input.value)
          : await updateOffering(app.actors, { id: this.before.id, input: input.value });
    });
    return saved;
  }

  #errorsNow(): OfferingErrors {
    const input = offeringInputOf(this.form);
    const errors = input.kind === 'err' ? { ...input.error } : {};
    const index = this.machines?.findIndex(({ isBlocking }) => isBlocking) ?? -1;
    const blocking = this.machines?.[index];
    if (errors.choices === undefined && blocking?.trouble !== undefined) {
      errors.choices = `Machine ${index + 1} cannot be offered: ${blocking.trouble}.`;
    }
    const { recipeId } = this.form;
    if (recipeId !== '' && errors.version === undefined && this.recipe.value !== undefined) {
      if (this.version === undefined)
        errors.version = 'No version that can be rented is meant by this.';
    }
    return errors;
  }

  async #readCatalogue(): Promise<CatalogueFacts | undefined> {
    const { cloudAccountId } = this.form;
    return cloudAccountId === '' ? undefined : readCatalogue(app.actors, BigInt(cloudAccountId));
  }

  async #readRecipe(): Promise<RecipeToOffer | undefined> {
    const { recipeId } = this.form;
    return recipeId === '' ? undefined : readRecipeToOffer(app.actors, BigInt(recipeId));
  }
}
