import { describe, expect, it } from 'vitest';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import type { _SERVICE as Rental } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { idlFactory } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import type { TokenValueStandIn } from '../../../treasury/test/support/token-value-stand-in.ts';
import { wasmOf } from '../../../token-value/test/support/price-canister.ts';
import { bareOffering, BRIDGE, catalogueOf, RENTER, SELLER } from '../support/market.ts';
import { expectMoneyRight, onlyEscrow, paidEscrows } from '../support/money.ts';
import { okOf } from '../support/ok-of.ts';
import { LESS, PRICE, withPrices } from '../support/prices.ts';
import { refusalOf } from '../support/refusal.ts';
import { approve, paid, quoted, rentalOf, rentInput, stateOf, Worker } from '../support/rent.ts';
import type { Quoted } from '../support/rent.ts';
import * as network from '../support/rental-world.ts';
import { rentalWorld, type RentalWorld } from '../support/rental-world.ts';

const { FEE_E8S, HOUR_NS, LEDGER, MINUTE_NS, OPERATOR_ID, SECOND_NS, STRANGER } = network;
const TERM = { term_ns: 2n * HOUR_NS };
const SINK = userPrincipal('sink');

/** A quote that the treasury may not take anything for yet. */
function unapproved(r: RentalWorld): Quoted {
  const { terms, quote } = okOf(r.as(RENTER).quote_rental(rentInput(r, TERM)));
  return { rentalId: terms.rental_id, escrowId: quote.escrow_id, amount: quote.amount };
}

function accept(r: RentalWorld, { rentalId, amount }: Quoted, most = amount) {
  return r.as(RENTER).accept_quote({ rental_id: rentalId, max_amount: most, from_subaccount: [] });
}

function submitAccept(r: RentalWorld, { rentalId, amount }: Quoted) {
  const renter = r.world.submitter<Rental>(r.rentalId, idlFactory, RENTER);
  return renter.accept_quote({ rental_id: rentalId, max_amount: amount, from_subaccount: [] });
}

function setToken(r: RentalWorld, change: { readonly is_enabled: boolean }): void {
  const treasury = r.treasury(OPERATOR_ID);
  okOf(treasury.set_token({ ...okOf(treasury.get_token(LEDGER)), ...change }));
}

/** Nothing but the fees of approvals is gone, and what was refused works when its cause is gone. */
function expectPayable(r: RentalWorld, quote: Quoted): void {
  expect(paidEscrows(r)).toEqual([]);
  expectMoneyRight(r);
  expect(stateOf(r, quote.rentalId)).toBe('Quoted');
  approve(r, quote.amount + r.ledger.fee());
  okOf(accept(r, quote));
  expect(stateOf(r, quote.rentalId)).toBe('Provisioning');
  expect(onlyEscrow(r).deposited).toBe(quote.amount);
}

interface Refused {
  readonly r: RentalWorld;
  readonly quote: Quoted;
  readonly prices: TokenValueStandIn;
}

interface Payment {
  readonly why: string;
  readonly refusal: string;
  readonly before?: (at: Refused) => void;
  readonly after?: (at: Refused) => void;
}

const REFUSED: readonly Payment[] = [
  { why: 'the treasury may take nothing', refusal: 'Request InsufficientAllowance' },
  {
    why: 'the account is empty',
    refusal: 'Request InsufficientFunds',
    before: ({ r, quote: { amount } }) => {
      approve(r, amount + FEE_E8S);
      const all = r.balance(RENTER) - FEE_E8S;
      r.ledger.transfer(RENTER, { to: accountOf(SINK), amount: all });
    },
    after: ({ r }) => {
      // The fee of the way back and of the way there are made good for the sums to come out.
      r.ledger.transfer(SINK, { to: accountOf(RENTER), amount: r.balance(SINK) - FEE_E8S });
      r.ledger.mint({ to: accountOf(RENTER), amount: 2n * FEE_E8S });
    },
  },
  {
    why: 'the ledger answers that it does not work',
    refusal: 'Temporary TreasuryUnavailable',
    before: ({ r }) => {
      r.ledger.faults.next('icrc2_transfer_from', { kind: 'temporarily-unavailable' });
    },
  },
  {
    why: 'the token is not taken any more',
    refusal: 'Request TokenDisabled',
    before: ({ r }) => {
      setToken(r, { is_enabled: false });
    },
    after: ({ r }) => {
      setToken(r, { is_enabled: true });
    },
  },
  {
    why: 'the treasury knows no price',
    refusal: 'Temporary NoPrice',
    before: ({ r, prices }) => {
      r.world.advance(MINUTE_NS);
      prices.prices.set(LEDGER.toText(), { kind: 'no-price', reason: 'no-samples' });
    },
    after: ({ prices }) => {
      prices.prices.set(LEDGER.toText(), PRICE);
    },
  },
];

describe('a payment that is refused', () => {
  it.each(REFUSED)('takes nothing if $why', ({ refusal, before, after }) => {
    const r = rentalWorld();
    const prices = withPrices(r);
    const at = { r, prices, quote: unapproved(r) };
    before?.(at);
    expect(refusalOf(accept(r, at.quote))).toBe(refusal);
    r.upgradeRental();
    after?.(at);
    expectPayable(r, at.quote);
  });

  it('takes nothing if the token lost value, or too much was paid in it', () => {
    const r = rentalWorld();
    const prices = withPrices(r);
    const quote = quoted(r, TERM);
    const token = LEDGER.toText();
    r.world.advance(MINUTE_NS);
    prices.prices.set(token, LESS);
    expect(refusalOf(accept(r, quote))).toBe('Request PriceMoved');
    r.world.advance(MINUTE_NS);
    prices.prices.set(token, { ...PRICE, capUsdE8: 1n });
    expect(refusalOf(accept(r, quote))).toBe('Temporary ExposureExceeded');
    r.world.advance(MINUTE_NS);
    prices.isDead = true;
    expect(refusalOf(accept(r, quote))).toMatch(/NoPrice|TreasuryUnavailable/);
    prices.isDead = false;
    prices.prices.set(token, PRICE);
    expectPayable(r, quote);
  });

  it('takes nothing for another login, a smaller word or a wrong account', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    const acceptance = { rental_id: quote.rentalId, max_amount: quote.amount };
    const whole = { ...acceptance, from_subaccount: [] as [] };
    expect(refusalOf(r.as(STRANGER).accept_quote(whole))).toBe('Request NotFound');
    expect(refusalOf(r.as(SELLER).accept_quote(whole))).toBe('Request NotFound');
    expect(refusalOf(accept(r, quote, quote.amount - 1n))).toBe('Request AmountAboveMax');
    const account: [Uint8Array] = [new Uint8Array(31)];
    const other = r.as(RENTER).accept_quote({ ...acceptance, from_subaccount: account });
    expect(refusalOf(other)).toBe('Request InvalidArgument');
    expect(refusalOf(r.as(RENTER).accept_quote({ ...whole, rental_id: 99n }))).toBe(
      'Request NotFound',
    );
    expectPayable(r, quote);
  });

  it('takes nothing for what cannot be delivered any more', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    const offer = { offering_id: r.market.offeringId };
    okOf(r.as(SELLER).set_offering_status({ ...offer, status: { Paused: null } }));
    expect(refusalOf(accept(r, quote))).toBe('Request OfferingUnavailable');
    okOf(r.as(SELLER).set_offering_status({ ...offer, status: { Open: null } }));
    const { cloudAccountId } = r.market;
    const soldOut = catalogueOf(cloudAccountId, r.world.timeNs, ['fsn1']);
    okOf(r.as(BRIDGE).publish_catalogue(soldOut));
    expect(refusalOf(accept(r, quote))).toBe('Request NotOrderable');
    r.world.advance(SECOND_NS);
    r.readCatalogue();
    expectPayable(r, quote);
  });

  it('takes nothing once the quote has expired, which then is forgotten', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    r.world.advance(10n * MINUTE_NS);
    expect(refusalOf(accept(r, quote))).toBe('Request QuoteExpired');
    r.world.advance(MINUTE_NS + SECOND_NS);
    r.world.elapse(MINUTE_NS);
    expect(refusalOf(r.as(RENTER).get_rental(quote.rentalId))).toBe('Request NotFound');
    expect(refusalOf(accept(r, quote))).toBe('Request NotFound');
    expect(paidEscrows(r)).toEqual([]);
    expectMoneyRight(r);
  });

  it('leaves no quote behind that could not be made', () => {
    const r = rentalWorld();
    const renter = r.as(RENTER);
    const other = renter.quote_rental(rentInput(r, { ledger: userPrincipal('no ledger') }));
    expect(refusalOf(other)).toBe('Request UnknownToken');
    setToken(r, { is_enabled: false });
    expect(refusalOf(renter.quote_rental(rentInput(r)))).toBe('Request TokenDisabled');
    setToken(r, { is_enabled: true });
    const stopped = r.world.stop(r.treasuryId);
    r.world.complete(stopped);
    expect(refusalOf(renter.quote_rental(rentInput(r)))).toBe('Temporary TreasuryUnavailable');
    r.world.start(r.treasuryId);
    r.world.advance(16n * MINUTE_NS);
    expect(refusalOf(renter.quote_rental(rentInput(r)))).toBe('Request CatalogueStale');
    expect(okOf(renter.my_rentals({ from: [], limit: 10 })).rows).toEqual([]);
  });
});

describe('a payment', () => {
  it('may go straight to the treasury, and the rental finds out by itself', () => {
    const r = rentalWorld();
    const { rentalId, escrowId, amount } = quoted(r, TERM);
    const deposit = { escrow_id: escrowId, max_amount: amount, from_subaccount: [] as [] };
    expect(okOf(r.treasury(RENTER).deposit(deposit)).amount).toBe(amount);
    r.upgradeRental();
    expect(stateOf(r, rentalId)).toBe('Quoted');
    r.world.advance(11n * MINUTE_NS);
    r.world.elapse(MINUTE_NS);
    expect(stateOf(r, rentalId)).toBe('Provisioning');
    Worker.claim(r, 'Provision').provision();
    expect(stateOf(r, rentalId)).toBe('Active');
    expect(onlyEscrow(r).deposited).toBe(amount);
    expectMoneyRight(r);
  });

  it('that went straight to the treasury is not taken again by an accept', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    approve(r, 2n * quote.amount + 2n * FEE_E8S);
    const { escrowId: escrow_id, amount: max_amount } = quote;
    okOf(r.treasury(RENTER).deposit({ escrow_id, max_amount, from_subaccount: [] }));
    expect(refusalOf(accept(r, quote))).toBe('Temporary PaymentPending');
    r.world.elapse(MINUTE_NS);
    expect(stateOf(r, quote.rentalId)).toBe('Provisioning');
    expect(refusalOf(accept(r, quote))).toBe('Request WrongState');
    expectMoneyRight(r);
  });

  it('of which no answer comes is waited for, and an upgrade is refused meanwhile', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    const { faults } = r.ledger;
    faults.next('icrc2_transfer_from', { kind: 'never-reply', executes: 'at-once' });
    const accepting = submitAccept(r, quote);
    r.world.runUntilIdle();
    expect(accepting.isDone()).toBe(false);
    expect(stateOf(r, quote.rentalId)).toBe('AwaitingPayment');
    expect(refusalOf(accept(r, quote))).toBe('Temporary Busy');
    const upgrade = r.world.upgrade({ canisterId: r.rentalId, wasm: wasmOf('rental') });
    expect(upgrade).toMatchObject({ kind: 'reject' });
    expect(stateOf(r, quote.rentalId)).toBe('AwaitingPayment');
    r.world.elapse(MINUTE_NS);
    faults.release();
    r.world.runUntilIdle();
    expect(okOf(accepting.result()).receipt.amount).toBe(quote.amount);
    expect(stateOf(r, quote.rentalId)).toBe('Provisioning');
    r.upgradeRental();
    expectMoneyRight(r);
  });

  it('whose answer is lost is taken once, and found', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    approve(r, 2n * quote.amount + 2n * FEE_E8S);
    r.ledger.faults.next('icrc2_transfer_from', { kind: 'lost-reply' });
    const first = accept(r, quote);
    if ('Err' in first) {
      expect(refusalOf(first)).toBe('Temporary PaymentPending');
      expect(stateOf(r, quote.rentalId)).toBe('AwaitingPayment');
      r.upgradeRental();
      expect(refusalOf(accept(r, quote))).toBe('Temporary PaymentPending');
    }
    r.world.elapse(6n * MINUTE_NS);
    expect(stateOf(r, quote.rentalId)).toBe('Provisioning');
    expect(onlyEscrow(r).deposited).toBe(quote.amount);
    expectMoneyRight(r);
  });

  it('of which the ledger says something odd is asked about again, and taken once', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    const odd = { errorCode: 7n, message: 'closed on Mondays', isExecuted: false };
    r.ledger.faults.next('icrc2_transfer_from', { kind: 'generic-error', ...odd });
    expect(refusalOf(accept(r, quote))).toBe('Temporary PaymentPending');
    expect(stateOf(r, quote.rentalId)).toBe('AwaitingPayment');
    r.upgradeRental();
    r.world.elapse(MINUTE_NS);
    expect(stateOf(r, quote.rentalId)).toBe('Provisioning');
    expect(onlyEscrow(r).deposited).toBe(quote.amount);
    expectMoneyRight(r);
  });

  it('that is cancelled while it is under way comes back whole', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    r.ledger.faults.next('icrc2_transfer_from', { kind: 'never-reply', executes: 'at-once' });
    const accepting = submitAccept(r, quote);
    r.world.runUntilIdle();
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    expect(rentalOf(r, quote.rentalId).state).toMatchObject({
      AwaitingPayment: { is_cancel_asked: true },
    });
    r.ledger.faults.release();
    r.world.runUntilIdle();
    okOf(accepting.result());
    expect(stateOf(r, quote.rentalId)).toBe('Ending');
    r.upgradeRental();
    r.world.elapse(3n * MINUTE_NS);
    expect(rentalOf(r, quote.rentalId).state).toMatchObject({
      Closed: { ending: { cause: { RenterCancelled: null } } },
    });
    const { books } = onlyEscrow(r);
    expect(books.payer.paid).toBe(quote.amount - FEE_E8S);
    expectMoneyRight(r);
  });

  it('to a treasury that is stopped is taken once it runs again', () => {
    const r = rentalWorld();
    const quote = quoted(r, TERM);
    r.world.complete(r.world.stop(r.treasuryId));
    expect(refusalOf(accept(r, quote))).toMatch(/^Temporary/);
    r.world.elapse(MINUTE_NS);
    r.world.start(r.treasuryId);
    okOf(accept(r, quote));
    expect(stateOf(r, quote.rentalId)).toBe('Provisioning');
    expectMoneyRight(r);
  });

  it('for a machine of one’s own pays the platform’s share and no author', () => {
    const r = rentalWorld();
    const own = okOf(r.as(SELLER).quote_rental(rentInput(r, TERM)));
    expect(own.terms).toMatchObject({ author_bps: 0, platform_bps: 300, author_principal: [] });
    const { id } = okOf(
      r.as(SELLER).create_offering({
        ...bareOffering(r.market.cloudAccountId),
        visibility: { Private: null },
      }),
    );
    const bare = paid(r, { ...TERM, offering_id: r.market.bareOfferingId });
    expect(rentalOf(r, bare.rentalId).deployment).toEqual([]);
    expect(refusalOf(r.as(RENTER).quote_rental(rentInput(r, { offering_id: id })))).toMatch(
      /NotFound|OfferingUnavailable/,
    );
    okOf(r.as(SELLER).quote_rental(rentInput(r, { ...TERM, offering_id: id })));
    expectMoneyRight(r);
  });
});
