import type {
  Rental,
  TimelineRow,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { okOf } from '../../../scripts/start/demo/demo-calls.ts';
import type { CloudFacts } from './cloud-facts.ts';
import type { QuotedRental } from './load-renters.ts';

const NS_PER_MS = 1_000_000n;
const STEPS_MAX = 100;

/** How long one rental took, in milliseconds. */
export interface RentalTimes {
  /** From the confirmed payment to active, by the canister's clock. */
  readonly acceptedToActiveMs: number;
  /** From the order of the server until it answered SSH: the cloud's own time. */
  readonly providerMs: number;
  readonly overheadMs: number;
  /** From the confirmed payment until each step, the first of its name. */
  readonly stepsMs: ReadonlyMap<string, number>;
}

/** Errors: throws with the reason for one that is not active. */
export async function timesOf(rented: QuotedRental, facts: CloudFacts): Promise<RentalTimes> {
  const { calls, id } = rented;
  const { rental } = okOf('rental', await calls.rental.get_rental(id));
  const activeAtNs = activeSince(rental);
  const page = { from: [] as [], limit: STEPS_MAX, newest_first: false };
  const timeline = okOf('timeline', await calls.rental.get_timeline(id, page));
  const steps = timeline.page.rows.map(({ value }) => value);
  const paidAtNs = atOf(steps, 'Paid');
  const sincePaidMs = (atNs: bigint): number => Number((atNs - paidAtNs) / NS_PER_MS);
  const stepsMs = new Map<string, number>();
  for (const { step, at_ns: atNs } of steps) {
    const [name = ''] = Object.keys(step);
    if (!stepsMs.has(name)) stepsMs.set(name, sincePaidMs(atNs));
  }
  const acceptedToActiveMs = sincePaidMs(activeAtNs);
  const providerMs = providerMsOf(facts, id);
  const overheadMs = acceptedToActiveMs - providerMs;
  return { acceptedToActiveMs, providerMs, overheadMs, stepsMs };
}

function activeSince({ id, state }: Rental): bigint {
  if ('Active' in state) return state.Active.since_ns;
  const why = 'Ending' in state ? state.Ending.ending.reason : Object.keys(state).join();
  throw new Error(`rental ${id} is not active: ${why}`);
}

function atOf(steps: readonly TimelineRow[], name: string): bigint {
  const found = steps.find(({ step }) => name in step);
  if (found === undefined) throw new Error(`a rental is active without the step ${name}`);
  return found.at_ns;
}

function providerMsOf({ servers }: CloudFacts, id: bigint): number {
  const ms = servers.find(({ rental }) => rental === id.toString())?.providerMs;
  if (ms === undefined) throw new Error(`rental ${id}: the cloud knows of no machine that answers`);
  return ms;
}
