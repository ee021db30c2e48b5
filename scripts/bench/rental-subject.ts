import type { Principal } from '@dfinity/principal';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import type { SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import type {
  _SERVICE as Rental,
  ClaimedJob,
  JobEvent,
  SearchFilter,
} from '../../dist/canisters/rental/declarations/rental.did.ts';
import { BRIDGE } from '../../canisters/rental/bench/market-maker.ts';
import { sshLine } from '../../canisters/rental/src/testing/rentals.fake.ts';
import { FEE, LEDGER, RENTER, type FilledMarket, type Module } from './rental-market.ts';

const SECOND_NS = 1_000_000_000n;
const HOUR_NS = 3_600n * SECOND_NS;
const TERM_NS = 30n * 24n * HOUR_NS;
/** Prices are remembered for half a minute; what is measured asks for a new one. */
const PRICE_IS_OLD_NS = 40n * SECOND_NS;
const PAGE = 20;
const REPORTED = 1_000;
const SLOTS = 12;
/** Of several, because now and then one splits a node of a tree, or collects what is not used any more. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const AGENT = userPrincipal(BRIDGE);

/** Instructions over a whole call tree. */
export interface RentalCosts {
  readonly accept_quote: number;
  readonly claim_jobs20: number;
  /** The dearest report about a machine on its way, from the intent to the health gate. */
  readonly report_step: number;
  /** The one report after it: the job ends and the rental begins. What only counts or tells it follows. */
  readonly report_ready: number;
  /** An hour each of 1,000 rentals; with fewer rentals, what those cost per rental. */
  readonly report_health1000: number;
  /** The dearest of several searches. */
  readonly search20: number;
  readonly my_rentals20: number;
  readonly upgrade: number;
}

/** Measures a rental canister with a market in it: later calls of a kind than the first, as most are. */
export class RentalSubject {
  readonly #filled: FilledMarket;
  readonly #module: Module;

  constructor(filled: FilledMarket, module: Module) {
    this.#filled = filled;
    this.#module = module;
  }

  /** Throws if anything is refused or missing. */
  costs(): RentalCosts {
    // First, while no rental is in the heap already because a worker reported about it.
    const reads = { search20: this.#search(), my_rentals20: this.#myRentals() };
    this.#claim();
    const claims = [this.#claim(), this.#claim()];
    const [first, ...jobs] = claims.flatMap(({ claimed }) => claimed);
    if (first !== undefined) this.#provision(first);
    const reports = jobs.map((job) => this.#provision(job));
    const steps = EVENTS.map((_events, index) => mean(reports.map((costs) => costs[index] ?? 0)));
    const report_ready = steps.pop() ?? 0;
    const report_step = Math.max(...steps);
    const report_health1000 = this.#reportHealth();
    this.#rent();
    const accept_quote = mean(NUMBERS.map(() => this.#rent()));
    const claim_jobs20 = mean(claims.map(({ cost }) => cost));
    const jobCosts = { claim_jobs20, report_step, report_ready, report_health1000 };
    return { accept_quote, ...jobCosts, ...reads, upgrade: this.#upgrade() };
  }

  #claim(): { readonly cost: number; readonly claimed: readonly ClaimedJob[] } {
    const claimed: ClaimedJob[] = [];
    const cost = this.#cost(() => {
      claimed.push(...okOf(this.#as(AGENT).claim_jobs({ worker: 'one', max: PAGE })));
    });
    if (claimed.length !== PAGE) throw new Error(`${claimed.length} jobs were claimed`);
    return { cost, claimed };
  }

  /** What each report about the machine costs. */
  #provision({ job_id, epoch }: ClaimedJob): readonly number[] {
    return EVENTS.map((events, index) =>
      this.#cost(() => {
        const report = { job_id, epoch, seq: index + 1, events };
        if (okOf(this.#as(AGENT).report_step(report)).is_duplicate) throw new Error('no news');
      }),
    );
  }

  #search(): number {
    const searches = SEARCHES.map((search) =>
      this.#cost(() => {
        const { rows } = okOf(this.#as(RENTER).search_offerings({ ...ANYTHING, ...search }));
        if (rows.length !== PAGE) throw new Error(`a search gave ${rows.length} rows`);
        if (!rows.every((row) => row.is_rentable)) throw new Error('an offer cannot be rented');
      }),
    );
    return Math.max(...searches);
  }

  #myRentals(): number {
    return this.#cost(() => {
      const { rows } = okOf(this.#as(RENTER).my_rentals({ from: [], limit: PAGE }));
      if (rows.length !== PAGE) throw new Error(`the page has ${rows.length} rows`);
    });
  }

  /** The last full hour. An hour before becomes final by it and is written. */
  #reportHealth(): number {
    const { world, running } = this.#filled;
    const apart = Math.max(1, Math.floor(running.length / REPORTED));
    const reported = running.filter((_id, index) => index % apart === 0).slice(0, REPORTED);
    const hour = Number(world.timeNs / HOUR_NS) - 1;
    const rows = reported.map((id) => ({ rental_id: BigInt(id), hour, slots: 0, upto: SLOTS }));
    const cost = this.#cost(() => {
      const codes = [...okOf(this.#as(AGENT).report_health(rows))];
      if (codes.some((code) => code !== 0)) throw new Error(`not accepted: ${codes.join(' ')}`);
    });
    return (cost * REPORTED) / reported.length;
  }

  /** What paying for a quote costs. */
  #rent(): number {
    const { world, ledger, treasuryId } = this.#filled;
    const renter = this.#as(RENTER);
    world.elapse(PRICE_IS_OLD_NS);
    const { terms, quote } = okOf(
      renter.quote_rental({
        offering_id: 0n,
        choice_index: 0,
        term_ns: TERM_NS,
        ledger: LEDGER,
        inputs: { values: [], secret_names: [] },
        ssh_keys: [sshLine(1)],
        sealed_secrets: [],
      }),
    );
    const { amount } = quote;
    ledger.approve(RENTER, { spender: accountOf(treasuryId), amount: amount + FEE });
    world.elapse(PRICE_IS_OLD_NS);
    const { rental_id } = terms;
    return this.#cost(() =>
      okOf(renter.accept_quote({ rental_id, max_amount: amount, from_subaccount: [] })),
    );
  }

  #upgrade(): number {
    const { world, rentalId: canisterId } = this.#filled;
    return this.#cost(() => {
      const outcome = world.upgrade({ canisterId, wasm: this.#module.wasm });
      if (outcome.kind === 'reject') throw new Error(outcome.message);
    });
  }

  #as(who: Principal): SyncActor<Rental> {
    const { world, rentalId } = this.#filled;
    return world.actor<Rental>(rentalId, this.#module.idlFactory, who);
  }

  #cost(run: () => unknown): number {
    return Number(this.#filled.world.measure(run).instructions);
  }
}

const AT_ONCE = { index: 0, of: 0, note: '' };
const LOG = new TextEncoder().encode('installing\n'.repeat(50));

/** One report each, as a bridge sends them; the last one makes the rental active. */
const EVENTS: readonly JobEvent[][] = [
  [{ Intent: { choice_index: 0, name: 'dc-benchmark' } }],
  [{ Server: { external_id: '4711' } }],
  [{ Step: { ...AT_ONCE, step: { Booting: null } } }],
  [{ Step: { ...AT_ONCE, step: { SshReachable: null } } }],
  [
    {
      Connection: {
        card: {
          ipv4: '203.0.113.7',
          ipv6: '2001:db8::7',
          ssh_user: 'root',
          ssh_port: 22,
          host_key_fingerprint: `SHA256:${'A'.repeat(43)}`,
          host_key: sshLine(7),
          service_url: 'http://203.0.113.7/',
        },
      },
    },
  ],
  [{ Step: { index: 1, of: 5, note: 'Packages', step: { RecipeStep: null } } }],
  [{ Log: { offset: 0n, bytes: LOG } }],
  [{ Step: { ...AT_ONCE, step: { HealthPassed: null } } }],
  [{ Succeeded: { result: { Ready: null } } }],
];

const ANYTHING: SearchFilter = {
  words: '',
  recipe_id: [],
  is_bare: false,
  provider: [],
  backend: [],
  location: [],
  country: [],
  arch: [],
  max_price_per_month_usd_e8: [],
  min_cores: [],
  min_memory_mb: [],
  min_disk_gb: [],
  min_trust: [],
  sort: { Price: null },
  from: [],
  limit: PAGE,
};

/** What people look for; each finds more than a page. */
const SEARCHES: readonly Partial<SearchFilter>[] = [
  {},
  { words: 'machine', sort: { Speed: null } },
  { location: ['fsn1'], arch: [{ X86: null }], min_cores: [2], min_memory_mb: [2_048] },
  { country: ['DE'], max_price_per_month_usd_e8: [3_000_000_000n], sort: { Trust: null } },
];

function okOf<T>(result: { readonly Ok: T } | { readonly Err: { message: string } }): T {
  if ('Ok' in result) return result.Ok;
  throw new Error(`refused: ${result.Err.message}`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
