import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { filledImage } from '../../kit/bench/stable-memory/filled-image.ts';
import type { OfferingId } from '../src/core/ids.ts';
import type { JobEvent } from '../src/core/jobs/job-report.ts';
import type { Settings } from '../src/core/settings.ts';
import { reportHealth } from '../src/flows/health/report-health.flow.ts';
import { claimJobs } from '../src/flows/jobs/claim-jobs.flow.ts';
import { reportStep } from '../src/flows/jobs/report-step.flow.ts';
import { acceptQuote } from '../src/flows/rentals/accept-quote.flow.ts';
import { quoteRental } from '../src/flows/rentals/quote-rental.flow.ts';
import { tickRentals } from '../src/flows/rentals/rentals-tasks.ts';
import { tickBegun } from '../src/flows/rentals/tick-begun.flow.ts';
import { tickFacts } from '../src/flows/treasury/fact-outbox.ts';
import { asPerson, givenAccount, givenSettings } from '../src/testing/accounts.fake.ts';
import {
  fakeCanister,
  personCalled,
  type FakeCanister,
} from '../src/testing/fake-canister.fake.ts';
import { accepted } from '../src/testing/recipes.fake.ts';
import { sshLine } from '../src/testing/rentals.fake.ts';
import { fakeTreasury } from '../src/testing/treasury.fake.ts';
import { RentalCloser } from './rental-closer.ts';
import { BRIDGE, makeMarket, readCatalogues, type MadeMarket } from './market-maker.ts';

const HOUR_NS = durationNs({ hours: 1 });
/** Before the hour in progress: rentals are made in one hour, and then measured in three. */
const MADE_HOURS_AGO = 5n;
const MEASURED_HOURS_AGO = [4n, 3n, 2n] as const;
const READ_EVERY = durationNs({ minutes: 10 });
const TERM_NS = durationNs({ days: 30 });
/** As many as go into one report. */
const REPORTED_AT_ONCE = 1_000;
const FACTS_EVERY = 25;
const BUSY_ACCOUNTS = 8;
const ABANDONED_AT_ONCE = 200;
const SLOTS = 12;
/** Numbers that the treasury of the measurement does not come to. */
const FIRST_ESCROW = 1_000_000_000;

/** The rental canister that is filled. */
export interface MakerOptions {
  readonly self: Principal;
  readonly settings: Pick<Settings, 'treasury' | 'archive'>;
  readonly ledger: Principal;
  /** All is made before. */
  readonly until: TimestampNs;
  readonly offers: number;
  readonly renters: number;
}

/** Who rents, and what of. */
interface Rented {
  readonly offers: readonly OfferingId[];
  readonly renter: string;
}

/**
 * Fills a rental canister by its own flows, as its renters, its agent and its treasury, and gives what
 * it wrote to stable memory.
 */
export class RentalMaker {
  readonly #memories = new FakeMemories();
  readonly #c: FakeCanister;
  readonly #options: MakerOptions;
  readonly #market: MadeMarket;
  readonly #closer: RentalCloser;
  readonly #running: RentalId[] = [];
  #made = 0;

  constructor(options: MakerOptions) {
    this.#options = options;
    this.#c = fakeCanister({ callsPerMinute: Number.MAX_SAFE_INTEGER, memories: this.#memories });
    this.#c.runtime.selfId = options.self;
    this.#c.runtime.now = this.#hoursAgo(MADE_HOURS_AGO);
    givenSettings(this.#c, options.settings);
    const { books } = fakeTreasury(this.#c, { firstEscrowId: FIRST_ESCROW });
    this.#closer = new RentalCloser(this.#c, books);
    this.#market = makeMarket(this.#c, options.offers);
  }

  /** Started within an hour, measured since; gives all of them. */
  async startRentals(count: number): Promise<readonly RentalId[]> {
    const from = this.#hoursAgo(MADE_HOURS_AGO);
    let readAt = from;
    for (let number = 0; number < count; number += 1) {
      this.#c.runtime.now = after(from, durationOf((HOUR_NS * BigInt(number)) / BigInt(count)));
      if (this.#c.runtime.now >= after(readAt, READ_EVERY)) {
        readAt = this.#c.runtime.now;
        readCatalogues(this.#c, this.#market);
        await this.#lookAtDue();
      }
      this.#running.push(await this.#rent());
      await this.#provision();
      if (number % FACTS_EVERY === 0) await this.#tellTreasury();
    }
    await this.#tellTreasury();
    for (const hoursAgo of MEASURED_HOURS_AGO) {
      this.#measure(hoursAgo);
      await this.#lookAtDue();
    }
    return this.#running;
  }

  /**
   * Paid now, by people who rent nothing else; their machines, of a few cloud accounts however many there
   * are, are not made yet.
   */
  async queueRentals(count: number): Promise<void> {
    const { accounts, offers } = this.#market;
    this.#c.runtime.now = this.#options.until;
    readCatalogues(this.#c, this.#market);
    const queued = offers.filter((_offer, index) => index % accounts.length < BUSY_ACCOUNTS);
    for (let number = 0; number < count; number += 1) {
      const renter = renterCalled(this.#options.renters + number);
      await this.#rent({ offers: queued, renter });
    }
  }

  /** Ends all that run, and lets time pass until they are settled and closed. */
  async closeRentals(): Promise<void> {
    await this.#closer.close(this.#running.splice(0));
  }

  /** Paid, cancelled before anybody made their machines, settled and closed. */
  async abandonRentals(count: number): Promise<void> {
    for (let left = count; left > 0; left -= ABANDONED_AT_ONCE) {
      readCatalogues(this.#c, this.#market);
      const paid: RentalId[] = [];
      while (paid.length < Math.min(left, ABANDONED_AT_ONCE)) paid.push(await this.#rent());
      await this.#closer.close(paid);
    }
  }

  /** The canister as it is now; what is done to it is in the stable memory, too. */
  get canister(): FakeCanister {
    return this.#c;
  }

  /** The stable memory with everything that was made, from that of a fresh canister. */
  stableMemory(fresh: Uint8Array): Uint8Array {
    return filledImage(fresh, this.#memories);
  }

  async #rent(by: Partial<Rented> = {}): Promise<RentalId> {
    const { ledger, renters } = this.#options;
    const { offers = this.#market.offers, renter = renterCalled(this.#made % renters) } = by;
    const c = this.#c;
    const offeringId = present(offers[this.#made % offers.length], 'an offer');
    this.#made += 1;
    givenAccount(c, renter);
    c.runtime.callerNow = personCalled(renter);
    const { terms, quote } = accepted(
      await quoteRental(c, {
        offeringId,
        choiceIndex: 0,
        termNs: TERM_NS,
        ledger,
        inputs: { values: [], secretNames: [] },
        sshKeys: [sshLine(this.#made % 100)],
        sealedSecrets: undefined,
      }),
    );
    const { rentalId } = terms;
    const acceptance = { rentalId, maxAmount: quote.amount, fromSubaccount: undefined };
    accepted(await acceptQuote(c, acceptance));
    return rentalId;
  }

  /** The canister counts it in the next message. */
  async #provision(): Promise<void> {
    const c = this.#c;
    asPerson(c, BRIDGE, () => {
      const [job] = accepted(claimJobs(c, { worker: 'filling', max: 1 }));
      const { jobId, epoch } = present(job, 'a job for the rental');
      accepted(reportStep(c, { jobId, epoch, seq: 1, events: eventsOf(jobId) }));
    });
    tickBegun(c);
    while (await c.timers.fireNext());
  }

  async #tellTreasury(): Promise<void> {
    const { due } = this.#c.storage.rentals.facts;
    while (due.size() > 0) await tickFacts(this.#c);
  }

  /** The canister plans what comes after the deadlines of machines that are ready. */
  async #lookAtDue(): Promise<void> {
    const c = this.#c;
    const { due } = c.storage.rentals;
    while ((due.nextDueAtNs() ?? this.#options.until) <= c.runtime.now) {
      tickRentals(c);
      while (await c.timers.fireNext());
    }
  }

  /** The bridge tells after an hour how it was. */
  #measure(hoursAgo: bigint): void {
    const c = this.#c;
    const hour = Number(this.#hoursAgo(hoursAgo) / HOUR_NS);
    c.runtime.now = after(this.#hoursAgo(hoursAgo - 1n), durationNs({ minutes: 1 }));
    for (let from = 0; from < this.#running.length; from += REPORTED_AT_ONCE) {
      const rows = this.#running
        .slice(from, from + REPORTED_AT_ONCE)
        .map((rentalId) => ({ rentalId, hour, slots: 0, upto: SLOTS }));
      asPerson(c, BRIDGE, () => accepted(reportHealth(c, rows)));
    }
  }

  /** The beginning of an hour before the one in progress. */
  #hoursAgo(hours: bigint): TimestampNs {
    const { until } = this.#options;
    return timestampNs(until - (until % HOUR_NS) - hours * HOUR_NS);
  }
}

/** The login of a renter. */
export function renterCalled(number: number): string {
  return `renter ${number}`;
}

function durationOf(ns: bigint) {
  return (ns < 0n ? 0n : ns) as typeof HOUR_NS;
}

/** What a worker tells of a machine that becomes ready. */
function eventsOf(jobId: number): readonly JobEvent[] {
  const step = { kind: 'step', index: 0, of: 0, note: '' } as const;
  const log = new TextEncoder().encode(`installing on machine ${jobId}\nall is well\n`);
  return [
    { kind: 'intent', choiceIndex: 0, name: `dc-${jobId}` },
    { kind: 'server', externalId: `${4_000_000 + jobId}` },
    { ...step, step: 'booting' },
    { ...step, step: 'ssh-reachable' },
    { kind: 'connection', card: CARD },
    { kind: 'log', offset: 0, bytes: log },
    { ...step, step: 'health-passed' },
    { kind: 'succeeded', result: { kind: 'ready' } },
  ];
}

const CARD = {
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::7',
  sshUser: 'root',
  sshPort: 22,
  hostKeyFingerprint: `SHA256:${'A'.repeat(43)}`,
  hostKey: sshLine(7),
  serviceUrl: 'http://203.0.113.7/',
};
