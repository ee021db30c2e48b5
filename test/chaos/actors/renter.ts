import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '@dfinity/principal';
import type { Rental } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import type { PersonsCalls } from '../../../scripts/start/demo/demo-calls.ts';
import { reasonOf } from '../reason-of.ts';
import type { RenterPlan, RenterWish } from './renter-plan.ts';

const HOUR_NS = 3_600_000_000_000n;
const POLL_MS = 3_000;
const AGAIN_MS = 1_500;
const QUOTE_TRIES = 40;

export interface RenterOptions {
  readonly calls: PersonsCalls;
  readonly ledger: Principal;
  readonly offeringId: bigint;
  readonly plan: RenterPlan;
  readonly sshKeys: { readonly first: string; readonly next: string };
  /** Told when the market says that it is paid. */
  readonly onPaid: (rentalId: number) => void;
  /** How long a machine is waited for at most. */
  readonly patienceMs: number;
}

/** One rental, from the quote to its end or to where it is left alone. */
export async function rentOnce(options: RenterOptions): Promise<void> {
  const rentalId = await pay(options);
  const paidAtMs = Date.now();
  const { leave } = options.plan;
  if (leave.kind === 'cancel-after-paid') {
    await sleep(leave.waitMs);
    await cancel(options.calls, rentalId);
    return;
  }
  if (!(await untilReady(options, rentalId, paidAtMs))) return;
  await act(options, rentalId);
  if (leave.kind === 'cancel-when-ready') {
    await sleep(leave.waitMs);
    await cancel(options.calls, rentalId);
  }
}

/** The first price that is locked is paid. A market that is busy is asked again. */
async function pay(options: RenterOptions): Promise<bigint> {
  const { calls, ledger, offeringId, sshKeys, onPaid } = options;
  for (let tries = 1; ; tries += 1) {
    const quoted = await calls.rental.quote_rental({
      offering_id: offeringId,
      choice_index: 0,
      term_ns: HOUR_NS,
      ledger,
      inputs: { values: [], secret_names: [] },
      ssh_keys: [sshKeys.first],
      sealed_secrets: [],
    });
    if ('Err' in quoted) {
      if (tries === QUOTE_TRIES) throw new Error(`no quote: ${quoted.Err.message}`);
      await sleep(AGAIN_MS);
      continue;
    }
    const { terms, quote } = quoted.Ok;
    const { treasury } = await settings(calls);
    await calls.ledger(ledger).approve({
      spender: { owner: treasury, subaccount: [] },
      amount: quote.amount + quote.ledger_fee,
    });
    const accepted = await calls.rental.accept_quote({
      rental_id: terms.rental_id,
      max_amount: quote.amount,
      from_subaccount: [],
    });
    if ('Ok' in accepted) onPaid(Number(terms.rental_id));
    if ('Ok' in accepted || reasonOf(accepted.Err) === 'PaymentPending') return terms.rental_id;
    if (tries === QUOTE_TRIES) throw new Error(`not accepted: ${accepted.Err.message}`);
    await sleep(AGAIN_MS);
  }
}

async function settings({ rental }: PersonsCalls): Promise<{ readonly treasury: Principal }> {
  const answer = await rental.settings();
  if ('Ok' in answer) return answer.Ok;
  throw new Error(`the market has no settings: ${answer.Err.message}`);
}

/** False if it ended instead, or took too long. */
async function untilReady(
  { calls, patienceMs }: RenterOptions,
  rentalId: bigint,
  paidAtMs: number,
): Promise<boolean> {
  while (Date.now() < paidAtMs + patienceMs) {
    const { state } = await rentalOf(calls, rentalId);
    if ('Active' in state) return true;
    if ('Ending' in state || 'Closed' in state) return false;
    await sleep(POLL_MS);
  }
  return false;
}

/** Has something done to the machine and waits until it was; a refusal is the market's right. */
async function act(options: RenterOptions, rentalId: bigint): Promise<void> {
  const { calls, plan, patienceMs } = options;
  if (plan.wish === 'nothing') return;
  const asked = await order(options, rentalId, plan.wish);
  if ('Err' in asked) return;
  const untilMs = Date.now() + patienceMs;
  while (Date.now() < untilMs) {
    const { state } = await rentalOf(calls, rentalId);
    if (!('Active' in state) || state.Active.operation.length === 0) return;
    await sleep(POLL_MS);
  }
}

function order({ calls, sshKeys }: RenterOptions, rental_id: bigint, wish: RenterWish) {
  const { rental } = calls;
  return wish === 'rotate-keys'
    ? rental.rotate_ssh_keys({ rental_id, ssh_keys: [sshKeys.next] })
    : rental.set_power({ rental_id, action: wish === 'off' ? { Off: null } : { Reboot: null } });
}

async function rentalOf({ rental }: PersonsCalls, rentalId: bigint): Promise<Rental> {
  const answer = await rental.get_rental(rentalId);
  if ('Ok' in answer) return answer.Ok.rental;
  throw new Error(`rental ${rentalId.toString()}: ${answer.Err.message}`);
}

/** Of one that has ended by itself meanwhile nothing is left to cancel. */
export async function cancel({ rental }: PersonsCalls, rentalId: bigint): Promise<void> {
  const answer = await rental.cancel_rental(rentalId);
  if ('Ok' in answer || reasonOf(answer.Err) === 'WrongState') return;
  throw new Error(`rental ${rentalId.toString()} could not be cancelled: ${answer.Err.message}`);
}
