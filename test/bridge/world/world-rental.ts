import type { Identity } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { CKUSDC_LEDGER_ID } from '@decent-cloud/localnet/system/system-ids.ts';
import type { SimulatedServer } from '@decent-cloud/localnet/clouds/hetzner/control/hetzner-control.ts';
import type {
  Job,
  Rental,
  RentalEnding,
  TimelineRow,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { Escrow } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { okOf, type PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import { stageOf } from '../../chaos/world/gather-evidence.ts';
import type { RentalStage } from '../../chaos/judge/evidence.ts';
import { until } from '../../chaos/until.ts';
import type { BridgeWorld } from './bridge-world.ts';
import { PATIENCE_MS } from './patience.ts';
import { newRenterKey } from './renter-key.ts';

const HOUR_NS = 3_600_000_000_000n;
/** 100 ckUSDC. */
const FUNDS = 100_000_000n;
const PAGE = 50;
const STEPS = 100;
const LOG_PIECE = 65_536;
type TaskName = 'Provision' | 'Terminate';

/** Where the renter's money is. */
export interface RentersMoney {
  readonly escrow: Escrow;
  /** On the ledger, right after the payment. */
  readonly afterPayment: bigint;
  /** On the ledger now. */
  readonly now: bigint;
}

/** A rental of a renter who has no other one, paid. */
export class WorldRental {
  readonly id: bigint;
  readonly #world: BridgeWorld;
  readonly #renter: Identity;
  readonly #afterPayment: bigint;

  private constructor(
    world: BridgeWorld,
    renter: Identity,
    paid: { readonly id: bigint; readonly afterPayment: bigint },
  ) {
    this.#world = world;
    this.#renter = renter;
    this.id = paid.id;
    this.#afterPayment = paid.afterPayment;
  }

  /** Somebody new rents what is offered by that title, for an hour. */
  static async pay(world: BridgeWorld, offerTitle: string): Promise<WorldRental> {
    const { network } = world;
    const renter = Ed25519KeyIdentity.generate();
    const calls = await world.as(renter);
    okOf('renter', await calls.rental.put_my_profile({ display_name: 'Renter' }));
    const ledger = calls.ledger(CKUSDC_LEDGER_ID);
    const to = { owner: calls.principal, subaccount: [] as [] };
    await network.as().ledger(CKUSDC_LEDGER_ID).transfer({ to, amount: FUNDS });
    const { terms, quote } = okOf(
      'quote',
      await calls.rental.quote_rental({
        offering_id: world.offer(offerTitle),
        choice_index: 0,
        term_ns: HOUR_NS,
        ledger: CKUSDC_LEDGER_ID,
        inputs: { values: [], secret_names: [] },
        ssh_keys: [newRenterKey()],
        sealed_secrets: [],
      }),
    );
    await ledger.approve({
      spender: { owner: network.deployment.treasury, subaccount: [] },
      amount: quote.amount + quote.ledger_fee,
    });
    const request = { rental_id: terms.rental_id, max_amount: quote.amount };
    okOf('payment', await calls.rental.accept_quote({ ...request, from_subaccount: [] }));
    const afterPayment = await ledger.balance({ owner: calls.principal });
    return new WorldRental(world, renter, { id: terms.rental_id, afterPayment });
  }

  #calls(): Promise<PersonsCalls> {
    return this.#world.as(this.#renter);
  }

  async rental(): Promise<Rental> {
    return okOf('rental', await (await this.#calls()).rental.get_rental(this.id)).rental;
  }

  async stage(): Promise<RentalStage> {
    return stageOf((await this.rental()).state);
  }

  /** Errors: throws with the reason if it ends instead. */
  async untilActive(): Promise<void> {
    await until(`rental ${this.id} is active`, PATIENCE_MS, async () => {
      const { state } = await this.rental();
      const ending = endingOf(state);
      if (ending !== undefined) throw new Error(`it ended: ${ending.reason}`);
      return 'Active' in state;
    });
  }

  /** Waits until it is over, whether or not all is cleared away. */
  async untilEnding(): Promise<RentalEnding> {
    let ending: RentalEnding | undefined;
    await until(`rental ${this.id} ends`, PATIENCE_MS, async () => {
      ending = endingOf((await this.rental()).state);
      return ending !== undefined;
    });
    if (ending === undefined) throw new Error('it ended without a reason');
    return ending;
  }

  /** Waits until the treasury has nothing more to pay for it. */
  async untilPaidOut(): Promise<void> {
    await until(`the money of rental ${this.id} is paid out`, PATIENCE_MS, async () => {
      return 'Closed' in (await this.money()).escrow.phase;
    });
  }

  /** Waits until the cloud says that its machine is gone. */
  async untilGone(): Promise<void> {
    await until(`the machine of rental ${this.id} is gone`, PATIENCE_MS, async () => {
      const { state } = await this.rental();
      return 'Closed' in state || ('Ending' in state && state.Ending.machine_gone_at_ns.length > 0);
    });
  }

  /** Waits until the cloud says that its machine is gone and the money is settled. */
  async untilClosed(): Promise<RentalEnding> {
    await until(`rental ${this.id} is closed`, PATIENCE_MS, async () => {
      return (await this.stage()) === 'closed';
    });
    return this.untilEnding();
  }

  async cancel(): Promise<void> {
    okOf('cancel', await (await this.#calls()).rental.cancel_rental(this.id));
  }

  /** Of all kinds, the newest first. */
  async jobs(): Promise<readonly Job[]> {
    const request = { rental_id: this.id, page: { from: [] as [], limit: PAGE } };
    return okOf('jobs', await (await this.#calls()).rental.list_rental_jobs(request)).rows;
  }

  async job(kind: TaskName): Promise<Job | undefined> {
    return (await this.jobs()).find(({ task }) => kind in task);
  }

  /** What the cloud or the machine said last about that job; empty for nothing. */
  async problem(kind: TaskName): Promise<string> {
    return (await this.job(kind))?.last_problem[0]?.message ?? '';
  }

  async steps(): Promise<readonly TimelineRow[]> {
    const page = { from: [] as [], limit: STEPS, newest_first: false };
    const timeline = okOf(
      'timeline',
      await (await this.#calls()).rental.get_timeline(this.id, page),
    );
    return timeline.page.rows.map(({ value }) => value);
  }

  /** By its name, or by what it says. */
  async untilStep(name: string): Promise<void> {
    await until(`rental ${this.id} comes to ${name}`, PATIENCE_MS, async () => {
      return (await this.steps()).some(({ step, note }) => name in step || note === name);
    });
  }

  /** The log of the recipe as the canister keeps it. */
  async log(): Promise<{
    readonly text: string;
    readonly total: bigint;
    readonly dropped: bigint;
  }> {
    const job = await this.job('Provision');
    if (job === undefined) throw new Error('nothing was done for it');
    let [text, offset] = ['', 0n];
    for (;;) {
      const request = { job_id: job.id, offset, limit: LOG_PIECE };
      const piece = okOf('log', await (await this.#calls()).rental.get_log(request));
      text += Buffer.from(piece.bytes).toString('utf8');
      offset = piece.offset + BigInt(piece.bytes.length);
      const { total_bytes: total, dropped_bytes: dropped } = piece;
      if (piece.bytes.length === 0 || offset >= total) return { text, total, dropped };
    }
  }

  /** All that the cloud ever made for it. */
  servers(): readonly SimulatedServer[] {
    const label = this.id.toString();
    return this.#world.cloud.hetzner
      .history()
      .filter(({ labels }) => labels['dc-rental'] === label);
  }

  /** The one that is there. */
  server(): SimulatedServer | undefined {
    return this.servers().find(({ goneAtMs }) => goneAtMs === null);
  }

  async money(): Promise<RentersMoney> {
    const { treasury } = this.#world.network.operator;
    const page = { from: [] as [], limit: PAGE, newest_first: false };
    const { rows } = okOf('escrow', await treasury.list_escrows_of_rental(this.id, page));
    const escrow = rows[0]?.value;
    if (escrow === undefined) throw new Error('nothing was paid for it');
    const calls = await this.#calls();
    const owner = calls.principal;
    const now = await calls.ledger(CKUSDC_LEDGER_ID).balance({ owner });
    return { escrow, afterPayment: this.#afterPayment, now };
  }
}

function endingOf(state: Rental['state']): RentalEnding | undefined {
  if ('Ending' in state) return state.Ending.ending;
  return 'Closed' in state ? state.Closed.ending : undefined;
}
