import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import type {
  _SERVICE as Rental,
  OfferingInput,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ARBITER, bareOffering, BRIDGE, RENTER, SELLER } from '../support/market.ts';
import { measure } from '../support/measure.ts';
import { expectMoneyRight, paidEscrows } from '../support/money.ts';
import { okOf } from '../support/ok-of.ts';
import { withPrices } from '../support/prices.ts';
import { refusalOf, wordsOf } from '../support/refusal.ts';
import { active, approve, noticesOf, rentalOf, stateOf, type Quoted } from '../support/rent.ts';
import * as network from '../support/rental-world.ts';
import { rentalWorld, type RentalWorld } from '../support/rental-world.ts';
import { creditsOf, expectCloses, expectShared, upgradeTreasury } from '../support/settled.ts';

const { FEE_E8S, HOUR_NS, MINUTE_NS, OPERATOR_ID, SECOND_NS } = network;
const TERM_NS = 2n * HOUR_NS;
const AUTHOR_BPS = 500n;
const NOTICE_NS = HOUR_NS;
const PENALTY_BPS = 2_000n;

function running(r: RentalWorld, termNs = TERM_NS): Quoted {
  const quote = active(r, { term_ns: termNs });
  r.world.elapse(30n * SECOND_NS);
  expect(r.escrow(quote.escrowId).phase).toHaveProperty('Running');
  return quote;
}

/** Wall clock from the start to the end that the rental tells. */
function usedNs(r: RentalWorld, { rentalId, escrowId }: Quoted): bigint {
  const { state, periods } = rentalOf(r, rentalId);
  if (!('Closed' in state)) throw new Error('it goes on');
  const period = periods.find(({ escrow_id }) => escrow_id === escrowId);
  const [startedAt] = period?.started_at_ns ?? [];
  return state.Closed.ending.at_ns - present(startedAt, 'it never started');
}

function extend(r: RentalWorld, rentalId: bigint, termNs: bigint) {
  const asked = { rental_id: rentalId, term_ns: termNs };
  return r.as(RENTER).quote_extension(asked);
}

/** A period that follows on is quoted, allowed and paid. */
function extended(r: RentalWorld, rentalId: bigint, termNs: bigint) {
  const extension = okOf(extend(r, rentalId, termNs));
  const { amount, ledger_fee } = extension.quote;
  approve(r, amount + ledger_fee);
  const acceptance = { rental_id: rentalId, max_amount: amount, from_subaccount: [] as [] };
  okOf(r.as(RENTER).accept_quote(acceptance));
  return { ...extension, escrowId: extension.quote.escrow_id, amount };
}

describe('a rental that runs', () => {
  it('is cancelled by its renter, who pays the notice and gets the rest back at once', () => {
    const r = rentalWorld();
    const quote = running(r);
    r.world.advance(30n * MINUTE_NS);
    measure(r, quote.rentalId);
    r.upgradeRental();
    const promised = r.escrow(quote.escrowId).refund_if_cancelled_now;
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    r.world.elapse(MINUTE_NS);
    expect(r.escrow(quote.escrowId).books.payer.credited).toBe(promised);
    upgradeTreasury(r);
    r.upgradeRental();
    expectCloses(r, quote.rentalId, 'RenterCancelled');
    const share = { usedNs: NOTICE_NS, termNs: TERM_NS, authorBps: AUTHOR_BPS };
    expectShared(r.escrow(quote.escrowId), share);
    expect(refusalOf(r.as(RENTER).cancel_rental(quote.rentalId))).toBe('Request WrongState');
  });

  it('ends with its term, and everybody is paid for all of it', () => {
    const r = rentalWorld();
    const quote = running(r);
    r.world.advance(TERM_NS - 2n * MINUTE_NS);
    measure(r, quote.rentalId);
    r.upgradeRental();
    expect(stateOf(r, quote.rentalId)).toBe('Active');
    r.world.advance(2n * MINUTE_NS);
    r.world.elapse(20n * SECOND_NS);
    expectCloses(r, quote.rentalId, 'TermEnded');
    expect(usedNs(r, quote)).toBe(TERM_NS);
    const share = { usedNs: TERM_NS, termNs: TERM_NS, authorBps: AUTHOR_BPS };
    expectShared(r.escrow(quote.escrowId), share);
    expect(noticesOf(r)).toEqual(expect.arrayContaining(['RentalEndingSoon', 'RentalEnded']));
  });

  it('ends with its term also if the canister slept until long after', () => {
    const r = rentalWorld();
    const quote = running(r);
    r.world.advance(TERM_NS - 2n * MINUTE_NS);
    measure(r, quote.rentalId);
    r.world.complete(r.world.stop(r.rentalId));
    r.world.advance(5n * HOUR_NS);
    r.world.start(r.rentalId);
    r.upgradeRental();
    r.world.elapse(20n * SECOND_NS);
    expectCloses(r, quote.rentalId, 'TermEnded');
    expect(usedNs(r, quote)).toBe(TERM_NS);
  });

  it('ends when its machine is lost, and only the time until then is paid', () => {
    const r = rentalWorld();
    const quote = running(r);
    r.world.advance(25n * MINUTE_NS);
    expect(okOf(r.as(BRIDGE).report_machine_lost(quote.rentalId))).toBe(false);
    r.upgradeRental();
    r.world.advance(5n * MINUTE_NS);
    expect(okOf(r.as(BRIDGE).report_machine_lost(quote.rentalId))).toBe(false);
    r.world.advance(10n * MINUTE_NS);
    measure(r, quote.rentalId);
    expect(refusalOf(r.as(SELLER).report_machine_lost(quote.rentalId))).toMatch(/NotAllowed/);
    expect(okOf(r.as(BRIDGE).report_machine_lost(quote.rentalId))).toBe(true);
    expectCloses(r, quote.rentalId, 'ProviderFailed');
    const used = usedNs(r, quote);
    expectShared(r.escrow(quote.escrowId), {
      usedNs: used,
      termNs: TERM_NS,
      authorBps: AUTHOR_BPS,
    });
  });

  it('is cancelled by its seller, who pays the penalty', () => {
    const r = rentalWorld();
    const quote = running(r);
    r.world.advance(40n * MINUTE_NS);
    measure(r, quote.rentalId);
    expect(refusalOf(r.as(RENTER).provider_cancel_rental(quote.rentalId))).toBe('Request NotFound');
    expect(refusalOf(r.as(SELLER).cancel_rental(quote.rentalId))).toBe('Request NotFound');
    okOf(r.as(SELLER).provider_cancel_rental(quote.rentalId));
    r.upgradeRental();
    expectCloses(r, quote.rentalId, 'ProviderCancelled');
    const share = { termNs: TERM_NS, authorBps: AUTHOR_BPS, givenBackBps: PENALTY_BPS };
    expectShared(r.escrow(quote.escrowId), { ...share, usedNs: usedNs(r, quote) });
  });

  it('is ended by the operator without a penalty', () => {
    const r = rentalWorld();
    const quote = running(r);
    r.world.advance(40n * MINUTE_NS);
    measure(r, quote.rentalId);
    expect(refusalOf(r.as(SELLER).operator_cancel_rental(quote.rentalId))).toMatch(/NotAllowed/);
    okOf(r.as(OPERATOR_ID).operator_cancel_rental(quote.rentalId));
    expectCloses(r, quote.rentalId, 'ProviderFailed');
    const share = { termNs: TERM_NS, authorBps: AUTHOR_BPS, usedNs: usedNs(r, quote) };
    expectShared(r.escrow(quote.escrowId), share);
  });

  it('ends when a dispute about it is decided, with the money as decided', () => {
    const r = rentalWorld();
    const quote = running(r, 24n * HOUR_NS);
    const { escrowId: escrow_id, rentalId, amount } = quote;
    r.world.advance(HOUR_NS);
    measure(r, rentalId);
    okOf(r.treasury(RENTER).open_dispute({ escrow_id, reason: 'It is not what was offered.' }));
    r.upgradeRental();
    upgradeTreasury(r);
    r.world.advance(HOUR_NS);
    expect(stateOf(r, rentalId)).toBe('Active');
    const payer_part = (amount * 2n) / 3n;
    okOf(r.treasury(ARBITER).decide_dispute({ escrow_id, payer_part }));
    // It is asked about each six hours.
    r.world.advance(5n * HOUR_NS);
    r.world.elapse(MINUTE_NS);
    expectCloses(r, rentalId, 'DisputeDecided');
    const earned = amount - payer_part;
    const author = (earned * AUTHOR_BPS) / 10_000n;
    const platform = (earned * 300n) / 10_000n;
    const provider = earned - author - platform;
    expect(creditsOf(r.escrow(escrow_id))).toEqual({
      payer: payer_part,
      provider,
      author,
      platform,
    });
  });
});

describe('an extension', () => {
  it('follows on without a gap, and each period is settled for itself', () => {
    const r = rentalWorld();
    withPrices(r);
    const quote = running(r);
    r.world.advance(HOUR_NS);
    measure(r, quote.rentalId);
    const later = extended(r, quote.rentalId, 3n * HOUR_NS);
    expect(later.ends_at_ns - later.starts_at_ns).toBe(3n * HOUR_NS);
    r.upgradeRental();
    upgradeTreasury(r);
    expect(rentalOf(r, quote.rentalId).state).toMatchObject({
      Active: { ends_at_ns: later.ends_at_ns },
    });
    r.world.advance(58n * MINUTE_NS);
    measure(r, quote.rentalId);
    r.world.advance(2n * MINUTE_NS);
    r.world.elapse(20n * SECOND_NS);
    expect(rentalOf(r, quote.rentalId).periods).toMatchObject([
      { status: { Ended: null } },
      { status: { Running: null }, started_at_ns: [later.starts_at_ns] },
    ]);
    expect(r.escrow(later.escrowId).started_at_ns).toEqual([later.starts_at_ns]);
    r.upgradeRental();
    r.world.advance(90n * MINUTE_NS);
    measure(r, quote.rentalId);
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    const endedAt = r.world.timeNs;
    expectCloses(r, quote.rentalId, 'RenterCancelled');
    const share = { usedNs: TERM_NS, termNs: TERM_NS, authorBps: AUTHOR_BPS };
    expectShared(r.escrow(quote.escrowId), share);
    const used = { termNs: 3n * HOUR_NS, authorBps: AUTHOR_BPS };
    expectShared(r.escrow(later.escrowId), { ...used, usedNs: endedAt - later.starts_at_ns });
  });

  it('that has not begun comes back whole when the rental ends', () => {
    const r = rentalWorld();
    withPrices(r);
    const quote = running(r);
    const later = extended(r, quote.rentalId, TERM_NS);
    r.world.advance(10n * MINUTE_NS);
    measure(r, quote.rentalId);
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    r.upgradeRental();
    expectCloses(r, quote.rentalId, 'RenterCancelled');
    const { payer } = r.escrow(later.escrowId).books;
    expect(payer).toMatchObject({ credited: later.amount, paid: later.amount - FEE_E8S });
  });

  it('that is paid while the rental ends comes back whole', () => {
    const r = rentalWorld();
    withPrices(r);
    const quote = running(r);
    const { quote: later } = okOf(extend(r, quote.rentalId, TERM_NS));
    approve(r, later.amount + later.ledger_fee);
    const fault = { kind: 'never-reply', executes: 'at-once' } as const;
    r.ledger.faults.next('icrc2_transfer_from', fault);
    const accepting = r.world
      .submitter<Rental>(r.rentalId, idlFactory, RENTER)
      .accept_quote({ rental_id: quote.rentalId, max_amount: later.amount, from_subaccount: [] });
    r.world.runUntilIdle();
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    r.world.elapse(30n * SECOND_NS);
    r.ledger.faults.release();
    r.world.runUntilIdle();
    okOf(accepting.result());
    expectCloses(r, quote.rentalId, 'RenterCancelled');
    const { payer } = r.escrow(later.escrow_id).books;
    expect(payer).toMatchObject({ credited: later.amount, paid: later.amount - FEE_E8S });
  });

  it('of whose payment the answer is lost counts within a minute', () => {
    const r = rentalWorld();
    withPrices(r);
    const quote = running(r);
    const { quote: later, ends_at_ns } = okOf(extend(r, quote.rentalId, TERM_NS));
    approve(r, later.amount + later.ledger_fee);
    r.ledger.faults.next('icrc2_transfer_from', { kind: 'lost-reply' });
    const { amount: max_amount } = later;
    const acceptance = { rental_id: quote.rentalId, max_amount, from_subaccount: [] as [] };
    expect(refusalOf(r.as(RENTER).accept_quote(acceptance))).toBe('Temporary PaymentPending');
    r.world.elapse(MINUTE_NS);
    expect(rentalOf(r, quote.rentalId).state).toMatchObject({ Active: { ends_at_ns } });
    expectMoneyRight(r);
  });

  it('that is paid straight to the treasury counts', () => {
    const r = rentalWorld();
    withPrices(r);
    const quote = running(r);
    const { quote: later, ends_at_ns } = okOf(extend(r, quote.rentalId, TERM_NS));
    approve(r, later.amount + later.ledger_fee);
    const { escrow_id, amount: max_amount } = later;
    okOf(r.treasury(RENTER).deposit({ escrow_id, max_amount, from_subaccount: [] }));
    r.upgradeRental();
    r.world.advance(11n * MINUTE_NS);
    r.world.elapse(MINUTE_NS);
    expect(rentalOf(r, quote.rentalId).state).toMatchObject({ Active: { ends_at_ns } });
    expectMoneyRight(r);
  });

  it('changes nothing unless it is paid', () => {
    const r = rentalWorld();
    withPrices(r);
    const quote = running(r);
    const before = rentalOf(r, quote.rentalId).state;
    const { quote: later } = okOf(extend(r, quote.rentalId, TERM_NS));
    const acceptance = { rental_id: quote.rentalId, from_subaccount: [] as [] };
    const accept = (max_amount: bigint) => r.as(RENTER).accept_quote({ ...acceptance, max_amount });
    expect(refusalOf(accept(later.amount - 1n))).toBe('Request AmountAboveMax');
    expect(refusalOf(accept(later.amount))).toBe('Request InsufficientAllowance');
    r.world.advance(10n * MINUTE_NS);
    expect(refusalOf(accept(later.amount))).toBe('Request QuoteExpired');
    r.world.advance(MINUTE_NS);
    r.world.elapse(MINUTE_NS);
    expect(rentalOf(r, quote.rentalId)).toMatchObject({ state: before, periods: [{}] });
    expect(rentalOf(r, quote.rentalId).periods).toHaveLength(1);
    expect(paidEscrows(r)).toHaveLength(1);
    expectMoneyRight(r);
  });

  it('is refused at a higher price, and in the last quarter of an hour', () => {
    const r = rentalWorld();
    withPrices(r);
    const quote = running(r);
    const { offeringId, cloudAccountId, recipeId } = r.market;
    const recipe = { recipe_id: recipeId, range: { Compatible: { from: '1.0.0' } } };
    const input: OfferingInput = { ...bareOffering(cloudAccountId), recipe: [recipe] };
    expect(refusalOf(extend(r, quote.rentalId, 30n * MINUTE_NS))).toBe('Request InvalidArgument');
    const dearer = { ...input, price_per_month_usd_e8: 3_000_010_000n };
    r.readCatalogue();
    okOf(r.as(SELLER).update_offering({ offering_id: offeringId, input: dearer }));
    const refused = extend(r, quote.rentalId, TERM_NS);
    expect(refusalOf(refused)).toBe('Request OfferingUnavailable');
    expect(wordsOf(refused)).toContain('asks a higher price');
    r.world.advance(TERM_NS - 14n * MINUTE_NS);
    expect(refusalOf(extend(r, quote.rentalId, TERM_NS))).toBe('Request WrongState');
  });
});
