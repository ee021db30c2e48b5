import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, timestampNs, type DurationNs } from '@decent-cloud/domain/time.ts';
import type { Rental } from '../src/core/rentals/rental.ts';
import { claimJobs } from '../src/flows/jobs/claim-jobs.flow.ts';
import { reportStep } from '../src/flows/jobs/report-step.flow.ts';
import { askTreasury } from '../src/flows/rentals/ask-treasury.flow.ts';
import { cancelRental, providerCancelRental } from '../src/flows/rentals/cancel-rental.flow.ts';
import { tickRentals } from '../src/flows/rentals/rentals-tasks.ts';
import { tickFacts } from '../src/flows/treasury/fact-outbox.ts';
import { asPerson } from '../src/testing/accounts.fake.ts';
import type { FakeCanister } from '../src/testing/fake-canister.fake.ts';
import { accepted } from '../src/testing/recipes.fake.ts';
import type { TreasuryBooks } from '../src/testing/treasury-books.fake.ts';
import { BRIDGE } from './market-maker.ts';

/** Every fourth is cancelled by its seller, the others by their renters. */
const BY_SELLER_EVERY = 4;
const CLAIMED_AT_ONCE = 20;
/** The market asks the treasury about an ended rental so much later. */
const ASK_NS = durationNs({ minutes: 1 });
/** Ends that are told to the treasury, and jobs that are done, before time goes on. */
const ENDED_AT_ONCE = 200;

/** Brings running rentals to their end by the canister's own flows. */
export class RentalCloser {
  readonly #c: FakeCanister;
  readonly #books: TreasuryBooks;

  constructor(c: FakeCanister, books: TreasuryBooks) {
    this.#c = c;
    this.#books = books;
  }

  /** All are ended a few at a time, their machines are deleted, and the treasury pays everything. */
  async close(rentals: readonly RentalId[]): Promise<void> {
    for (let from = 0; from < rentals.length; from += ENDED_AT_ONCE) {
      const some = rentals.slice(from, from + ENDED_AT_ONCE);
      for (const id of some) this.#cancel(id);
      this.#deleteMachines();
      await this.#tellTreasury();
      for (const id of some) this.#settle(id);
      this.#pass(ASK_NS);
      await this.#lookAtDue();
      for (const id of some) this.#checkClosed(id);
    }
  }

  #cancel(id: RentalId): void {
    const c = this.#c;
    const { payer, provider } = this.#rental(id);
    const isBySeller = id % BY_SELLER_EVERY === 0;
    const seller = present(c.storage.accounts.providers.get(provider), 'a seller');
    c.runtime.callerNow = isBySeller ? seller.principal : payer;
    accepted(isBySeller ? providerCancelRental(c, id) : cancelRental(c, id));
  }

  #deleteMachines(): void {
    const c = this.#c;
    asPerson(c, BRIDGE, () => {
      for (;;) {
        const jobs = accepted(claimJobs(c, { worker: 'closing', max: CLAIMED_AT_ONCE }));
        for (const { jobId, epoch } of jobs) {
          const events = [{ kind: 'succeeded', result: { kind: 'gone' } }] as const;
          accepted(reportStep(c, { jobId, epoch, seq: 1, events }));
        }
        if (jobs.length === 0) return;
      }
    });
  }

  async #tellTreasury(): Promise<void> {
    const { due } = this.#c.storage.rentals.facts;
    while (due.size() > 0) await tickFacts(this.#c);
  }

  #settle(id: RentalId): void {
    for (const { escrowId } of this.#rental(id).periods) this.#books.settle(escrowId);
  }

  /** What the canister does by itself about rentals that are due, until nothing is left to ask. */
  async #lookAtDue(): Promise<void> {
    const c = this.#c;
    const { due, toAsk } = c.storage.rentals;
    while (due.due(c.runtime.now, 1).length > 0 || toAsk.size > 0) {
      tickRentals(c);
      await this.#runTimers();
      await askTreasury(c);
      await this.#runTimers();
    }
  }

  async #runTimers(): Promise<void> {
    while (await this.#c.timers.fireNext());
  }

  #checkClosed(id: RentalId): void {
    const { state } = this.#rental(id);
    if (state.kind !== 'closed') throw new Error(`rental ${id} is ${state.kind}, not closed`);
  }

  #rental(id: RentalId): Rental {
    return present(this.#c.storage.rentals.rentals.get(id), `there is no rental ${id}`);
  }

  #pass(byNs: DurationNs): void {
    this.#c.runtime.now = timestampNs(after(this.#c.runtime.now, byNs));
  }
}
