import { expect } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { JobId } from '../core/ids.ts';
import type { JobEvent } from '../core/jobs/job-report.ts';
import type { OfferedRecipe } from '../core/market/offering.ts';
import type { VersionInput } from '../core/recipes/recipe.ts';
import type { Rental } from '../core/rentals/rental.ts';
import { claimJobs } from '../flows/jobs/claim-jobs.flow.ts';
import { lookAtJob } from '../flows/jobs/job-due.ts';
import { reportStep } from '../flows/jobs/report-step.flow.ts';
import { acceptQuote } from '../flows/rentals/accept-quote.flow.ts';
import { askTreasury } from '../flows/rentals/ask-treasury.flow.ts';
import {
  quoteRental,
  type QuotedRental,
  type RentInput,
} from '../flows/rentals/quote-rental.flow.ts';
import { tickRentals } from '../flows/rentals/rentals-tasks.ts';
import { tickBegun } from '../flows/rentals/tick-begun.flow.ts';
import { tickFacts } from '../flows/treasury/fact-outbox.ts';
import { asPerson, givenAccount, givenSettings } from './accounts.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from './fake-canister.fake.ts';
import { givenCatalogue, givenOffering, type GivenOffering } from './market.fake.ts';
import { accepted, givenRecipe } from './recipes.fake.ts';
import { sshLine } from './rentals.fake.ts';
import { fakeTreasury, type FakeTreasury } from './treasury.fake.ts';
import { FAKE_LEDGER } from './treasury-terms.fake.ts';

const CARD = {
  ipv4: '203.0.113.7',
  ipv6: '',
  sshUser: 'root',
  sshPort: 22,
  hostKeyFingerprint: 'SHA256:abc',
  hostKey: 'ssh-ed25519 AAAA',
  serviceUrl: '',
};

/** What a worker tells of a machine that becomes ready. */
export const READY: readonly JobEvent[] = [
  { kind: 'intent', choiceIndex: 0, name: 'dc-0' },
  { kind: 'server', externalId: '4711' },
  { kind: 'connection', card: CARD },
  { kind: 'succeeded', result: { kind: 'ready' } },
];
export const GONE: readonly JobEvent[] = [{ kind: 'succeeded', result: { kind: 'gone' } }];

/** The canister with a seller, an offer, a renter and a treasury; the test is everybody. */
export class RentWorld {
  readonly c: FakeCanister = fakeCanister();
  readonly treasury: FakeTreasury;
  readonly offer: GivenOffering;

  /** With versions the offer runs the first one of a recipe, otherwise it is a bare machine. */
  constructor(versions: readonly Partial<VersionInput>[] = []) {
    givenSettings(this.c);
    givenAccount(this.c, 'renter');
    this.treasury = fakeTreasury(this.c);
    this.offer = givenOffering(this.c, { input: { recipe: this.#recipeOf(versions) } });
    this.c.runtime.callerNow = personCalled('renter');
  }

  input(change: Partial<RentInput> = {}): RentInput {
    return {
      offeringId: this.offer.offering.id,
      choiceIndex: 0,
      termNs: durationNs({ days: 30 }),
      ledger: FAKE_LEDGER,
      inputs: { values: [], secretNames: [] },
      sshKeys: [sshLine(1)],
      sealedSecrets: undefined,
      ...change,
    };
  }

  async quoted(change: Partial<RentInput> = {}): Promise<QuotedRental> {
    return accepted(await quoteRental(this.c, this.input(change)));
  }

  accept(quoted: Pick<QuotedRental, 'quote'> & { readonly rentalId: RentalId }) {
    const { rentalId, quote } = quoted;
    return acceptQuote(this.c, { rentalId, maxAmount: quote.amount, fromSubaccount: undefined });
  }

  /** A rental whose machine is being made. */
  async paid(change: Partial<RentInput> = {}): Promise<Rental> {
    const { terms, quote } = await this.quoted(change);
    accepted(await this.accept({ rentalId: terms.rentalId, quote }));
    return this.rental(terms.rentalId);
  }

  /** A rental whose machine is there; the treasury has heard of it. */
  async active(change: Partial<RentInput> = {}): Promise<Rental> {
    const { id } = await this.paid(change);
    this.work(READY);
    await this.pass(durationNs({ seconds: 10 }));
    return this.rental(id);
  }

  rental(id: RentalId): Rental {
    return present(this.c.storage.rentals.rentals.get(id), `there is no rental ${id}`);
  }

  stateOf(id: RentalId): string {
    return this.c.storage.rentals.rentals.get(id)?.state.kind ?? 'forgotten';
  }

  /** The agent takes the next job in hand; undefined if there is none. */
  claim(): { readonly jobId: JobId; readonly epoch: number; readonly job: string } | undefined {
    const claim = () => accepted(claimJobs(this.c, { worker: 'one', max: 1 }));
    return asPerson(this.c, 'bridge', claim)[0];
  }

  /** The agent does the next job. */
  work(events: readonly JobEvent[]): void {
    const { jobId, epoch } = present(this.claim(), 'there is no job');
    const told = asPerson(this.c, 'bridge', () =>
      reportStep(this.c, { jobId, epoch, seq: 1, events }),
    );
    expect(told.kind).toBe('ok');
  }

  async pass(byNs: DurationNs): Promise<void> {
    await this.passTo(after(this.c.runtime.now, byNs));
  }

  /** Time passes, and the canister does what it does by itself; its catalogue stays fresh. */
  async passTo(at: TimestampNs): Promise<void> {
    this.c.runtime.now = at;
    givenCatalogue(this.c, this.offer.account);
    // A due rental, its question, the answer, and what follows from that.
    for (let rounds = 0; rounds < 4; rounds += 1) {
      for (const { id } of this.c.storage.jobs.due.due(at, 100)) lookAtJob(this.c, id);
      tickRentals(this.c);
      tickBegun(this.c);
      await this.#settle();
      await askTreasury(this.c);
      await this.#settle();
      await tickFacts(this.c);
    }
  }

  #recipeOf(versions: readonly Partial<VersionInput>[]): OfferedRecipe | undefined {
    if (versions.length === 0) return undefined;
    const { id: recipeId } = givenRecipe(this.c, { versions });
    return { recipeId, range: { kind: 'pinned', version: '1.0.0' } };
  }

  async #settle(): Promise<void> {
    while (await this.c.timers.fireNext());
  }
}
