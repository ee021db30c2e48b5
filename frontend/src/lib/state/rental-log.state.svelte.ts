import { listRentalJobs, readLog } from '../api/log.api.ts';
import type { Rental } from '../api/wire.ts';
import { isCaughtUp, NO_LOG, withPiece, type KnownLog } from '../services/log.service.ts';
import { app } from './app.state.svelte.ts';

/** A reader who is far behind takes this many pieces of 64 KiB at once. */
const PIECES_AT_ONCE = 5;

/** What the work for a rental printed: one job's log at a time, read on from the last byte. */
export class RentalLog {
  jobs = $state.raw<readonly Rental.Job[]>([]);
  log = $state.raw<KnownLog>(NO_LOG);
  chosen = $state<bigint>();
  /** The newest job that prints something is shown until somebody picks another. */
  #isPicked = false;
  readonly #rentalId: bigint;

  constructor(rentalId: bigint) {
    this.#rentalId = rentalId;
  }

  choose(jobId: bigint): void {
    this.#isPicked = true;
    this.#show(jobId);
  }

  async readJobs(): Promise<void> {
    this.jobs = await listRentalJobs(app.actors, this.#rentalId);
    const printing = this.jobs.find(({ task }) => 'Provision' in task || 'UpgradeRecipe' in task);
    const newest = (printing ?? this.jobs[0])?.id;
    if (!this.#isPicked && newest !== undefined && newest !== this.chosen) this.#show(newest);
  }

  /** Gives whether there was anything new. */
  async readOn(): Promise<boolean> {
    const { chosen } = this;
    if (chosen === undefined) return false;
    let isChanged = false;
    for (let piece = 0; piece < PIECES_AT_ONCE; piece += 1) {
      const asked = { jobId: chosen, offset: this.log.nextOffset };
      const read = await readLog(app.actors, asked);
      if (chosen !== this.chosen) return true;
      const log = withPiece(this.log, read);
      isChanged ||= log.nextOffset > this.log.nextOffset;
      this.log = log;
      if (isCaughtUp(log)) break;
    }
    return isChanged;
  }

  #show(jobId: bigint): void {
    this.chosen = jobId;
    this.log = NO_LOG;
  }
}
