import type { Escrow } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type {
  Job,
  RentalState,
  ServiceError,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { okOf, type PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import type { EscrowLife, Evidence, JobLife, RentalLife, RentalStage } from '../judge/evidence.ts';
import { allRows } from './all-rows.ts';
import { reasonOf } from '../reason-of.ts';
import type { ChaosMarket } from './chaos-market.ts';
import type { ChaosNetwork } from './chaos-network.ts';

const PAGE = 50;
const STEPS = 100;

/** All that canisters say about rentals, jobs and money. */
export async function gatherFromCanisters(
  network: ChaosNetwork,
  of: { readonly market: ChaosMarket; readonly rentalIds: readonly bigint[] },
): Promise<Pick<Evidence, 'installation' | 'rentals' | 'jobs' | 'solvency'>> {
  const { rental, treasury } = network.operator;
  const { installation } = okOf('settings', await rental.settings());
  const rentals: RentalLife[] = [];
  for (const rentalId of of.rentalIds) rentals.push(await lifeOf(network, rentalId));
  const jobs: Job[] = [];
  for (const { cloudAccountId: cloud_account_id } of of.market.sellers) {
    jobs.push(...(await allRows((page) => rental.list_account_jobs({ cloud_account_id, page }))));
  }
  const known = rentals.filter(({ stage }) => stage !== 'quoted');
  for (const rental_id of known.map(({ rentalId }) => BigInt(rentalId))) {
    jobs.push(...(await allRows((page) => rental.list_rental_jobs({ rental_id, page }))));
  }
  const { rows } = okOf(
    'tokens',
    await treasury.list_tokens({ from: [], limit: PAGE, newest_first: false }),
  );
  const solvency = [];
  for (const { value } of rows) {
    const answer = okOf('solvency', await treasury.solvency(value.ledger));
    const { symbol, difference, shortfall } = answer;
    solvency.push({ symbol, difference, shortfall });
  }
  return { installation, rentals, jobs: jobs.map(jobLife), solvency };
}

/** The newest first. */
export async function rentalsOf({ rental }: PersonsCalls): Promise<readonly ListedRental[]> {
  const rows = await allRows((page) => rental.my_rentals(page));
  return rows.map(({ rental_id, state }) => ({ rentalId: rental_id, stage: stageOf(state) }));
}

export interface ListedRental {
  readonly rentalId: bigint;
  readonly stage: RentalStage;
}

/** The treasury remembers the money of a rental that the market forgot because nobody paid it in time. */
async function lifeOf({ operator }: ChaosNetwork, rentalId: bigint): Promise<RentalLife> {
  const { rental: market, treasury } = operator;
  const first = { from: [] as [], limit: PAGE, newest_first: false };
  const escrows = okOf('escrows', await treasury.list_escrows_of_rental(rentalId, first));
  const always = {
    rentalId: Number(rentalId),
    money: escrows.rows.map(({ value }) => moneyOf(value)),
  };
  const found = await market.get_rental(rentalId);
  if (isForgotten(found)) return { ...always, ...FORGOTTEN };
  const { rental, terms } = okOf('rental', found);
  const steps = okOf('steps', await market.get_timeline(rentalId, { ...first, limit: STEPS }));
  return {
    ...always,
    stage: stageOf(rental.state),
    isMachineGone: 'Closed' in rental.state || isGone(rental.state),
    wasReady: steps.page.rows.some(({ value }) => 'Ready' in value.step),
    recipe: terms.recipe[0]?.name ?? 'none',
  };
}

const FORGOTTEN = {
  stage: 'quoted',
  isMachineGone: true,
  wasReady: false,
  recipe: 'none',
} as const;

function isForgotten(answer: { readonly Ok: unknown } | { readonly Err: ServiceError }): boolean {
  return 'Err' in answer && reasonOf(answer.Err) === 'NotFound';
}

function isGone(state: RentalState): boolean {
  return 'Ending' in state && state.Ending.machine_gone_at_ns.length > 0;
}

function moneyOf({ phase, deposited, books }: Escrow): EscrowLife {
  return {
    deposited,
    isDecided: 'Ended' in phase || 'Closed' in phase || 'Lapsed' in phase,
    refunded: books.payer.credited,
    refundOpen: books.payer.open,
  };
}

const STAGES: ReadonlyMap<string, RentalStage> = new Map([
  ['Quoted', 'quoted'],
  ['AwaitingPayment', 'awaiting-payment'],
  ['Provisioning', 'provisioning'],
  ['Active', 'active'],
  ['Ending', 'ending'],
  ['Closed', 'closed'],
]);

export function stageOf(state: RentalState): RentalStage {
  const stage = STAGES.get(Object.keys(state)[0] ?? '');
  if (stage === undefined)
    throw new Error('a rental is in a state that the contract does not have');
  return stage;
}

function jobLife({ id, task, state, last_problem }: Job): JobLife {
  const [kind = '', details] = Object.entries(task)[0] ?? [];
  return {
    jobId: Number(id),
    rentalId: rentalIdOf(details),
    kind,
    problem: last_problem[0]?.message ?? '',
    endedAtNs:
      'Done' in state
        ? state.Done.at_ns
        : 'Failed' in state
          ? state.Failed.at_ns
          : 'Cancelled' in state
            ? state.Cancelled.at_ns
            : undefined,
  };
}

function rentalIdOf(details: unknown): number | undefined {
  if (typeof details !== 'object' || details === null || !('rental_id' in details))
    return undefined;
  return Number(details.rental_id);
}
