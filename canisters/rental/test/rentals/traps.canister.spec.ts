import { describe, expect, it } from 'vitest';
import { RejectedError } from '@decent-cloud/localnet/testing/pending-call.ts';
import { BRIDGE, RENTER } from '../support/market.ts';
import { cutWorld, executionsOf, type Execution } from '../support/cut.ts';
import { measure } from '../support/measure.ts';
import { expectMoneyRight, paidEscrows } from '../support/money.ts';
import { okOf } from '../support/ok-of.ts';
import { withPrices } from '../support/prices.ts';
import { refusalOf } from '../support/refusal.ts';
import { approve, noticesOf, rentalOf, rentInput, stateOf, Worker } from '../support/rent.ts';
import * as network from '../support/rental-world.ts';
import type { RentalWorld } from '../support/rental-world.ts';

const { HOUR_NS, MINUTE_NS, SECOND_NS } = network;
const TERM_NS = HOUR_NS;

/** A call that is repeated once if the canister trapped in it; what then refuses it is an answer. */
function twice<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return call();
  }
}

/** Pays the newest quote of a rental, whatever happens to the answer. */
function pay(
  r: RentalWorld,
  rentalId: bigint,
  quote: { amount: bigint; ledger_fee: bigint },
): void {
  approve(r, quote.amount + quote.ledger_fee);
  const max_amount = quote.amount;
  const acceptance = { rental_id: rentalId, max_amount, from_subaccount: [] as [] };
  const answer = twice(() => r.as(RENTER).accept_quote(acceptance));
  // After a trap the payment is on its way, and is found out about by itself.
  if ('Err' in answer) expect(refusalOf(answer)).toMatch(/PaymentPending|WrongState/);
}

/** A worker's call is repeated as any worker does; a duplicate is fine. */
function work(r: RentalWorld, kind: 'Provision' | 'Terminate'): void {
  const worker = Worker.claim(r, kind);
  if (kind === 'Provision') worker.provision();
  else worker.gone();
}

/** Rented, made, extended, rolled over and cancelled: every await of the canister is in it. */
function life(r: RentalWorld): bigint {
  withPrices(r);
  const { terms, quote } = okOf(
    twice(() => r.as(RENTER).quote_rental(rentInput(r, { term_ns: TERM_NS }))),
  );
  const rentalId = terms.rental_id;
  pay(r, rentalId, quote);
  until(r, () => stateOf(r, rentalId) === 'Provisioning');
  work(r, 'Provision');
  expect(stateOf(r, rentalId)).toBe('Active');
  until(r, () => 'Running' in r.escrow(quote.escrow_id).phase);

  const asked = { rental_id: rentalId, term_ns: TERM_NS };
  const extension = okOf(twice(() => r.as(RENTER).quote_extension(asked)));
  pay(r, rentalId, extension.quote);
  if (isUnpaid(r, rentalId)) r.world.advance(11n * MINUTE_NS);
  until(r, () => !isUnpaid(r, rentalId));
  const [first] = rentalOf(r, rentalId).periods;
  const endsAt = (first?.started_at_ns[0] ?? 0n) + TERM_NS;
  r.world.advance(endsAt - r.world.timeNs - MINUTE_NS);
  measure(r, rentalId);
  r.world.advance(MINUTE_NS);
  until(r, () => 'Running' in r.escrow(extension.quote.escrow_id).phase);
  expect(r.escrow(extension.quote.escrow_id).started_at_ns).toEqual([endsAt]);

  okOf(r.as(RENTER).cancel_rental(rentalId));
  until(r, () => 'Ended' in r.escrow(extension.quote.escrow_id).phase);
  work(r, 'Terminate');
  r.world.advance(49n * HOUR_NS);
  for (let waits = 0; stateOf(r, rentalId) !== 'Closed'; waits += 1) {
    expect(waits).toBeLessThan(14);
    r.world.advance(HOUR_NS);
    r.world.elapse(20n * SECOND_NS);
  }
  return rentalId;
}

function isUnpaid(r: RentalWorld, rentalId: bigint): boolean {
  return rentalOf(r, rentalId).periods.some(({ status }) => 'Quoted' in status);
}

function until(r: RentalWorld, isSo: () => boolean): void {
  for (let waits = 0; !isSo(); waits += 1) {
    expect(waits).toBeLessThan(30);
    r.world.elapse(10n * SECOND_NS);
  }
}

/** The run is counted once, and its renter told once. */
function expectBegunOnce(r: RentalWorld): void {
  const { stats } = okOf(r.as(RENTER).get_recipe(r.market.recipeId));
  expect(stats).toMatchObject({ runs: 1n, successes: 1n });
  expect(noticesOf(r).filter((kind) => kind === 'RentalReady')).toHaveLength(1);
}

/** Both periods were paid once, the first one used whole, and everything is settled. */
function expectWholeLife(r: RentalWorld, rentalId: bigint): void {
  const escrows = paidEscrows(r);
  expect(escrows.map(({ phase }) => Object.keys(phase)[0])).toEqual(['Closed', 'Closed']);
  expect(escrows[0]?.books.payer.credited).toBe(0n);
  expect(rentalOf(r, rentalId).periods.map(({ status }) => Object.keys(status)[0])).toEqual([
    'Settled',
    'Settled',
  ]);
  expect(okOf(r.as(BRIDGE).claim_jobs({ worker: 'last', max: 20 }))).toEqual([]);
  expect(okOf(r.as(network.OPERATOR_ID).fact_status())).toMatchObject({ refused: 0n });
  expectMoneyRight(r);
  expectBegunOnce(r);
  // Nothing is held any more: more can be rented.
  r.readCatalogue();
  const again = okOf(r.as(RENTER).quote_rental(rentInput(r, { term_ns: TERM_NS })));
  expect(again.terms.rental_id).toBeGreaterThan(rentalId);
}

const executions = executionsOf(life);
const LAST_INSTRUCTIONS = 1_000n;

function named(execution: Execution): string {
  return `${execution.entry} ${execution.number.toString()}`;
}

describe('a life of a rental', () => {
  it('awaits an answer for the quote, the payment, facts and briefs', () => {
    const names = executions.map(({ entry }) => entry);
    for (const method of ['quote_rental', 'accept_quote', 'quote_extension']) {
      expect(names).toContain(`reply callback of ${method}`);
    }
    const ofTimers = names.filter((name) => name.startsWith('reply callback of <ic-cdk internal>'));
    expect(ofTimers.length).toBeGreaterThanOrEqual(4);
  });

  it.each(executions.map((execution) => [named(execution), execution] as const))(
    'is the same if it traps at the end of %s',
    (_name, execution) => {
      const after = execution.instructions - LAST_INSTRUCTIONS;
      const { r, isCut } = cutWorld({ ...execution, after });
      expectWholeLife(r, life(r));
      expect(isCut()).toBe(true);
    },
  );

  it.each(
    executions
      .filter(({ entry }) => entry.startsWith('reply'))
      .map((execution) => [named(execution), execution] as const),
  )('is the same if it traps at the beginning of %s', (_name, execution) => {
    const { r, isCut } = cutWorld({ ...execution, after: 1_000n });
    expectWholeLife(r, life(r));
    expect(isCut()).toBe(true);
  });
});
