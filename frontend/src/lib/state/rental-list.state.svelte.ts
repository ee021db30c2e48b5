import { listArchived } from '../api/archive.api.ts';
import { exportSources } from '../api/export.api.ts';
import { listMyRentals } from '../api/rental.api.ts';
import { readTimeline } from '../api/timeline.api.ts';
import { okUnless } from '../api/refusal.ts';
import type { Archive, Rental } from '../api/wire.ts';
import { exportFile, type ExportFile, type ExportFormat } from '../services/export.service.ts';
import { timelineView } from '../services/timeline.service.ts';
import { armOf } from '../services/variant.service.ts';
import { Action } from './action.state.svelte.ts';
import { app } from './app.state.svelte.ts';
import { PagedList } from './paged-list.state.svelte.ts';

const ROWS = 20;
/** So many machines on their way are looked at in a list. */
const WATCHED = 5;

/** When a machine that is being made is ready, by what is usual. */
export interface ReadyEstimate {
  readonly rentalId: bigint;
  readonly seconds: number | undefined;
}

/** The caller's rentals: those that are here, and those in the archive. */
export class RentalList {
  readonly here = new PagedList<Rental.RentalRow, bigint>(
    async (from) => {
      if (!(await this.#hasAccount())) return { rows: [], next: undefined };
      const page = await listMyRentals(app.actors, { from, limit: ROWS });
      return { rows: page.rows, next: page.next[0] };
    },
    { what: 'Your rentals could not be read.' },
  );
  readonly archived = new PagedList<Archive.RentalSummary, bigint>(
    (from) => listArchived(app.actors, { from, limit: ROWS }),
    { what: 'The archive could not be read.' },
  );
  /** By the usual times, in seconds, of machines that are being made. */
  readyIn = $state.raw<readonly ReadyEstimate[]>([]);

  async reload(): Promise<void> {
    await Promise.all([this.here.reload(), this.archived.reload()]);
    await this.#estimate();
  }

  async #hasAccount(): Promise<boolean> {
    const account = await app.actors.rental.get_my_account();
    return okUnless('NotFound', account) !== undefined;
  }

  async #estimate(): Promise<void> {
    const waiting = this.here.rows.filter(({ state }) => 'Provisioning' in state).slice(0, WATCHED);
    const estimates = await Promise.all(
      waiting.map(async (row): Promise<ReadyEstimate> => {
        const rentalId = row.rental_id;
        const { rows, usual } = await readTimeline(app.actors, { rentalId, from: 0n });
        const { readyInSeconds: seconds } = timelineView({
          rows,
          usual,
          state: armOf(row.state),
          hasRecipe: row.recipe.length > 0,
          nowMs: Date.now(),
        });
        return { rentalId, seconds };
      }),
    );
    this.readyIn = estimates;
  }
}

/** All rentals as one checked file. */
export class RentalExport {
  file = $state.raw<ExportFile>();
  parts = $state(0);
  readonly action = new Action({
    what: 'The export was not made.',
    money: 'An export only reads: no money is involved.',
  });

  async make(format: ExportFormat): Promise<ExportFile | undefined> {
    this.file = undefined;
    this.parts = 0;
    await this.action.run(async () => {
      this.file = await exportFile({
        format,
        sources: exportSources(app.actors, format),
        nowMs: Date.now(),
        onPart: (parts) => (this.parts = parts),
      });
    });
    return this.file;
  }
}
