import { findRental, readConnection } from '../api/rental.api.ts';
import { readMyAccount } from '../api/account.api.ts';
import { readTimeline } from '../api/timeline.api.ts';
import { readRecipe } from '../api/upgrade.api.ts';
import { Refusal } from '../api/refusal.ts';
import type { Rental } from '../api/wire.ts';
import { openArchived, type ArchivedRental } from '../services/archive.service.ts';
import type { Viewer } from '../services/rental-words.service.ts';
import { withRows, type NumberedRow } from '../services/timeline.service.ts';
import { troubleOf, type Trouble } from '../services/trouble.service.ts';
import { app } from './app.state.svelte.ts';
import { Live } from './live.state.svelte.ts';
import { RentalLog } from './rental-log.state.svelte.ts';
import { RentalMoney } from './rental-money.state.svelte.ts';
import { RentalUptime } from './rental-uptime.state.svelte.ts';

const FAST_MS = 1_500;
const SLOW_MS = 10_000;
/** Money vests and checks come in by themselves, without a change of the rental. */
const FIGURES_EVERY_MS = 30_000;

/**
 * One rental as its page shows it. One live channel reads everything: the rental and its timeline from
 * the last row on, the log from the last byte on, and the rest when something changed or half a minute
 * is over.
 */
export class RentalPage {
  readonly id: bigint;
  view = $state.raw<Rental.RentalView>();
  archived = $state.raw<ArchivedRental>();
  viewer = $state<Viewer>('renter');
  /** Why it cannot be shown, or not any more. */
  trouble = $state.raw<Trouble>();
  rows = $state.raw<readonly NumberedRow[]>([]);
  usual = $state.raw<Rental.Timeline['usual']>([]);
  connection = $state.raw<Rental.Connection>();
  recipe = $state.raw<Rental.RecipeView>();
  readonly log: RentalLog;
  readonly money = new RentalMoney();
  readonly uptime: RentalUptime;
  readonly live = new Live({ read: () => this.#read(), fastMs: FAST_MS, slowMs: SLOW_MS });
  #figuresAtMs = 0;
  #isFirst = true;

  constructor(id: bigint) {
    this.id = id;
    this.log = new RentalLog(id);
    this.uptime = new RentalUptime(id);
  }

  /** Reads everything at once: something was just done. */
  refresh(): void {
    this.#figuresAtMs = 0;
    this.live.now();
  }

  async #read(): Promise<boolean> {
    if (this.archived !== undefined) return false;
    try {
      const isChanged = await this.#readAll();
      this.trouble = undefined;
      return isChanged;
    } catch (error) {
      const isKnown = this.view !== undefined;
      if (!isKnown || (error instanceof Refusal && error.leaf === 'NotFound')) {
        this.trouble = troubleOf(error, { what: 'This rental could not be read.' });
      }
      throw error;
    }
  }

  async #readAll(): Promise<boolean> {
    const found = await findRental(app.actors, this.id);
    if (found.kind === 'archived') {
      this.archived = await openArchived(found.rental);
      this.view = undefined;
      return false;
    }
    const { view } = found;
    if (this.#isFirst) this.viewer = await this.#viewerOf(view);
    const isMoved = view.rental.updated_at_ns !== this.view?.rental.updated_at_ns;
    const hasRows = await this.#readRows();
    this.view = view;
    const isChanged = isMoved || hasRows || this.#isFirst;
    if (isChanged) {
      this.connection = await readConnection(app.actors, this.id);
      await this.log.readJobs();
    }
    const hasLog = await this.log.readOn();
    if (isChanged || Date.now() - this.#figuresAtMs > FIGURES_EVERY_MS) await this.#figures(view);
    this.#isFirst = false;
    return isChanged || hasLog;
  }

  async #readRows(): Promise<boolean> {
    const from = (this.rows.at(-1)?.seq ?? -1n) + 1n;
    const { rows, usual } = await readTimeline(app.actors, { rentalId: this.id, from });
    this.usual = usual;
    const known = this.rows;
    this.rows = withRows(known, rows);
    return this.rows !== known;
  }

  async #figures(view: Rental.RentalView): Promise<void> {
    await this.money.read(view);
    await this.uptime.read();
    const [deployment] = view.rental.deployment;
    if (deployment !== undefined) this.recipe = await readRecipe(app.actors, deployment.recipe_id);
    this.#figuresAtMs = Date.now();
  }

  async #viewerOf({ rental }: Rental.RentalView): Promise<Viewer> {
    const me = (await readMyAccount(app.actors.rental))?.id;
    if (me === rental.renter) return 'renter';
    return me === rental.provider ? 'provider' : 'operator';
  }
}
