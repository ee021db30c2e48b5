import type { Principal } from '@dfinity/principal';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import type {
  ClaimedJob,
  JobEvent,
  Rental,
  RentInput,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageSealed } from '../../src/testing/accounts.fake.ts';
import { sshLine } from '../../src/testing/rentals.fake.ts';
import { BRIDGE, RENTER } from './market.ts';
import { okOf } from './ok-of.ts';
import { HOUR_NS, LEDGER, type RentalWorld } from './rental-world.ts';

const NO_INPUTS = { values: [], secret_names: [] };

export function rentInput(r: RentalWorld, change: Partial<RentInput> = {}): RentInput {
  return {
    offering_id: r.market.offeringId,
    choice_index: 0,
    term_ns: 24n * HOUR_NS,
    ledger: LEDGER,
    inputs: NO_INPUTS,
    ssh_keys: [sshLine(1)],
    sealed_secrets: [],
    ...change,
  };
}

export interface Quoted {
  readonly rentalId: bigint;
  readonly escrowId: bigint;
  readonly amount: bigint;
}

/** A quote; the treasury is allowed to take exactly what it needs. */
export function quoted(r: RentalWorld, change: Partial<RentInput> = {}): Quoted {
  const { terms, quote } = okOf(r.as(RENTER).quote_rental(rentInput(r, change)));
  approve(r, quote.amount + quote.ledger_fee);
  return { rentalId: terms.rental_id, escrowId: quote.escrow_id, amount: quote.amount };
}

const approvals = new WeakMap<RentalWorld, bigint>();

/** How often the renter allowed the treasury something in this world: each cost a ledger fee. */
export function approvalsIn(r: RentalWorld): bigint {
  return approvals.get(r) ?? 0n;
}

export function approve(r: RentalWorld, amount: bigint): void {
  approvals.set(r, approvalsIn(r) + 1n);
  const answer = r.ledger.approve(RENTER, { spender: accountOf(r.treasuryId), amount });
  if (!('Ok' in answer)) throw new Error('the ledger took no approval');
}

/** Quoted, approved and paid: it is being provisioned. */
export function paid(r: RentalWorld, change: Partial<RentInput> = {}): Quoted {
  const quote = quoted(r, change);
  const { rentalId: rental_id, amount } = quote;
  okOf(r.as(RENTER).accept_quote({ rental_id, max_amount: amount, from_subaccount: [] }));
  return quote;
}

/** Paid, and made by the bridge: it is active. */
export function active(r: RentalWorld, change: Partial<RentInput> = {}): Quoted {
  const quote = paid(r, change);
  Worker.claim(r, 'Provision').provision();
  return quote;
}

export function rentalOf(r: RentalWorld, rentalId: bigint): Rental {
  return okOf(r.as(RENTER).get_rental(rentalId)).rental;
}

/** The name of the state that a rental is in. */
export function stateOf(r: RentalWorld, rentalId: bigint): string {
  return Object.keys(rentalOf(r, rentalId).state)[0] ?? '';
}

/** What the renter was told, the newest first. */
export function noticesOf(r: RentalWorld): readonly string[] {
  const { rows } = okOf(r.as(RENTER).my_notifications({ from: [], limit: 50 }));
  return rows.map(({ kind: [kind] }) => Object.keys(kind ?? {})[0] ?? '');
}

/** One process of the bridge with one job in hand. */
export class Worker {
  readonly #r: RentalWorld;
  readonly job: ClaimedJob;
  readonly #agent: Principal;
  #seq = 0;

  constructor(r: RentalWorld, job: ClaimedJob, agent: Principal = BRIDGE) {
    this.#r = r;
    this.job = job;
    this.#agent = agent;
  }

  /** Claims everything there is and gives the job of that kind; throws if there is none. */
  static claim(r: RentalWorld, kind: string, agent: Principal = BRIDGE): Worker {
    const jobs = okOf(r.as(agent).claim_jobs({ worker: 'one', max: 20 }));
    const job = jobs.find((one) => kind in one.job);
    if (job === undefined) throw new Error(`there is no job ${kind}`);
    return new Worker(r, job, agent);
  }

  /** The job of that kind of one rental; others that are claimed with it are let go. */
  static claimFor(r: RentalWorld, kind: string, rentalId: bigint): Worker {
    const jobs = okOf(r.as(BRIDGE).claim_jobs({ worker: 'one', max: 20 }));
    const job = jobs.find((one) => kind in one.job && one.rental_id[0] === rentalId);
    if (job === undefined)
      throw new Error(`there is no job ${kind} of rental ${rentalId.toString()}`);
    return new Worker(r, job);
  }

  get lease(): { readonly job_id: bigint; readonly epoch: number } {
    return { job_id: this.job.job_id, epoch: this.job.epoch };
  }

  /** The number of the next report. */
  get nextSeq(): number {
    return this.#seq + 1;
  }

  /** One report; throws if it is refused. */
  tell(...events: JobEvent[]): void {
    this.#seq += 1;
    okOf(this.#r.as(this.#agent).report_step({ ...this.lease, seq: this.#seq, events }));
  }

  /** All that a bridge tells about a machine, from the intent to the health gate. */
  provision(): void {
    const work = okOf(this.#r.as(this.#agent).get_job(this.lease));
    if (work.lease_until_ns <= this.#r.world.timeNs) throw new Error('the lease is over');
    this.tell({ Intent: { choice_index: 0, name: `dc-${this.job.job_id.toString()}` } });
    this.tell({ Server: { external_id: `srv-${this.job.job_id.toString()}` } });
    this.tell(
      step('Booting'),
      step('SshReachable'),
      { Connection: { card: CARD } },
      { Credentials: { sealed: ageSealed('password') } },
      { Log: { offset: 0n, bytes: new TextEncoder().encode('hello\n') } },
      step('HealthPassed'),
    );
    this.tell({ Succeeded: { result: { Ready: null } } });
  }

  /** The cloud says that nothing is left. */
  gone(): void {
    this.tell({ Succeeded: { result: { Gone: null } } });
  }
}

export const CARD = {
  ipv4: '203.0.113.7',
  ipv6: '',
  ssh_user: 'root',
  ssh_port: 22,
  host_key_fingerprint: `SHA256:${'A'.repeat(43)}`,
  host_key: sshLine(7),
  service_url: 'http://203.0.113.7/',
};

function step(name: 'Booting' | 'SshReachable' | 'HealthPassed'): JobEvent {
  const at = { index: 0, of: 0, note: '' };
  switch (name) {
    case 'Booting':
      return { Step: { ...at, step: { Booting: null } } };
    case 'SshReachable':
      return { Step: { ...at, step: { SshReachable: null } } };
    case 'HealthPassed':
      return { Step: { ...at, step: { HealthPassed: null } } };
  }
}
