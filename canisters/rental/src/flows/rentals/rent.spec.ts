import { describe, expect, it } from 'vitest';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import { asPerson } from '../../testing/accounts.fake.ts';
import { personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { givenCatalogue, typeAt, machineType } from '../../testing/market.fake.ts';
import { GONE, READY, RentWorld } from '../../testing/rent-world.fake.ts';
import { updateOffering } from '../market/save-offering.flow.ts';
import { acceptQuote } from './accept-quote.flow.ts';
import { cancelRental, providerCancelRental } from './cancel-rental.flow.ts';
import { quoteExtension } from './quote-extension.flow.ts';
import { quoteRental } from './quote-rental.flow.ts';

const MONTH = durationNs({ days: 30 });
const HOUR = durationNs({ hours: 1 });

function escrowOf(rental: Rental): EscrowId {
  const [first] = rental.periods;
  return first?.escrowId ?? expect.fail('a rental has a period');
}

function leafOf(result: { readonly kind: string }): unknown {
  return 'error' in result ? (result.error as { leaf?: { kind: string } }).leaf?.kind : 'ok';
}

function storedTerms(c: FakeCanister, rental: Rental): string {
  return JSON.stringify(c.storage.rentals.terms.get(rental.id), (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function stepsOf(world: RentWorld, rental: Rental): readonly string[] {
  const page = { order: 'oldest-first', limit: 50 } as const;
  return world.c.storage.jobs.timelines.page(rental.id, page).rows.map(({ value }) => value.step);
}

describe('renting', () => {
  it('goes from a quote to a closed rental, and the treasury hears of each step once', async () => {
    const world = new RentWorld();
    const rental = await world.paid();
    expect(rental.state.kind).toBe('provisioning');
    world.work(READY);
    await world.pass(durationNs({ seconds: 10 }));
    expect(world.stateOf(rental.id)).toBe('active');
    await world.pass(MONTH);
    expect(world.stateOf(rental.id)).toBe('ending');
    world.work(GONE);
    const escrow = world.treasury.books.escrow(escrowOf(rental));
    expect(escrow.facts.map(({ kind }) => kind).filter((kind) => kind !== 'unproven')).toEqual([
      'started',
      'ended',
    ]);
    expect(world.stateOf(rental.id)).toBe('ending');
    world.treasury.books.settle(escrow.id);
    await world.pass(durationNs({ hours: 12 }));
    expect(world.stateOf(rental.id)).toBe('closed');
    expect(stepsOf(world, rental)).toEqual([
      'paid',
      'reserved',
      'server-created',
      'ready',
      'secrets-wiped',
      'ending',
      'machine-gone',
      'money-settled',
      'closed',
    ]);
  });

  it('forgets a quote that nobody paid', async () => {
    const world = new RentWorld();
    const { terms } = await world.quoted();
    await world.pass(durationNs({ minutes: 12 }));
    expect(world.stateOf(terms.rentalId)).toBe('forgotten');
    const { rentals, terms: all, configs, links, due } = world.c.storage.rentals;
    expect([rentals, all, configs, due].map((table) => table.size())).toEqual([0, 0, 0, 0]);
    expect(links.count({ kind: 'of-renter', of: terms.renter })).toBe(0);
  });

  it('finds a deposit that was paid to the treasury directly', async () => {
    const world = new RentWorld();
    const { terms, quote } = await world.quoted();
    world.treasury.books.confirmDeposit(quote.escrowId);
    await world.pass(durationNs({ minutes: 12 }));
    expect(world.stateOf(terms.rentalId)).toBe('provisioning');
  });

  it('refuses a sixth quote that is not paid', async () => {
    const world = new RentWorld();
    for (let count = 0; count < 5; count += 1) await world.quoted();
    expect(leafOf(await quoteRental(world.c, world.input()))).toBe('quota-exceeded');
  });

  it.each([
    ['no key', { sshKeys: [] }],
    ['a key of nobody', { sshKeys: ['SHA256:nothing'] }],
    [
      'inputs for a bare machine',
      { inputs: { values: [{ name: 'A', value: '1' }], secretNames: [] } },
    ],
    ['secrets for a bare machine', { sealedSecrets: new Uint8Array(5) }],
    ['too short a term', { termNs: durationNs({ minutes: 5 }) }],
    ['a machine that is not offered', { choiceIndex: 4 }],
  ])('refuses %s and stores nothing', async (_, change) => {
    const world = new RentWorld();
    expect(leafOf(await quoteRental(world.c, world.input(change)))).toBe('invalid-argument');
    expect(world.c.storage.rentals.rentals.size()).toBe(0);
    expect(world.treasury.asked).toEqual([]);
  });

  it('keeps the terms as they were whatever the seller edits', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const before = storedTerms(world.c, rental);
    const { offering } = world.offer;
    const pricePerMonthUsdE8 = 9_000_000_000n as UsdE8;
    const input = { ...offering, pricePerMonthUsdE8, title: 'Dear', slaCredits: [] };
    const edited = asPerson(world.c, 'seller', () =>
      updateOffering(world.c, { offeringId: offering.id, input }),
    );
    expect(edited.kind).toBe('ok');
    expect(storedTerms(world.c, rental)).toBe(before);
    expect(storedTerms(world.c.upgraded(), rental)).toBe(before);
  });

  it('lets a seller rent from themselves without a share for an author', async () => {
    const world = new RentWorld();
    world.c.runtime.callerNow = personCalled('seller');
    const { terms } = await world.quoted();
    expect(terms).toMatchObject({ authorBps: 0, platformBps: 300, authorPrincipal: undefined });
  });
});

describe('accepting', () => {
  it('takes nothing when the machine sold out since the quote', async () => {
    const world = new RentWorld();
    const { terms, quote } = await world.quoted();
    const types = [machineType({ at: [typeAt('fsn1', { isAvailable: false })] })];
    givenCatalogue(world.c, world.offer.account, { types });
    expect(leafOf(await world.accept({ rentalId: terms.rentalId, quote }))).toBe('not-orderable');
    expect(world.treasury.asked).toEqual(['quote']);
    expect(world.stateOf(terms.rentalId)).toBe('quoted');
  });

  it('is for the payer alone, below the amount that they allow', async () => {
    const world = new RentWorld();
    const { terms, quote } = await world.quoted();
    const acceptance = { rentalId: terms.rentalId, fromSubaccount: undefined };
    const low = { ...acceptance, maxAmount: (quote.amount - 1n) as TokenUnits };
    expect(leafOf(await acceptQuote(world.c, low))).toBe('amount-above-max');
    world.c.runtime.callerNow = personCalled('somebody');
    const other = { ...acceptance, maxAmount: quote.amount };
    expect(leafOf(await acceptQuote(world.c, other))).toBe('not-found');
    expect(world.treasury.asked).toEqual(['quote']);
  });

  it('can be tried again after a refusal', async () => {
    const world = new RentWorld();
    const { terms, quote } = await world.quoted();
    const leaf = { kind: 'insufficient-allowance', needed: 5n as TokenUnits } as const;
    world.treasury.refusals.deposit = { kind: 'request', leaf, message: 'too little' };
    const order = { rentalId: terms.rentalId, quote };
    expect(leafOf(await world.accept(order))).toBe('insufficient-allowance');
    expect(world.stateOf(terms.rentalId)).toBe('quoted');
    delete world.treasury.refusals.deposit;
    expect((await world.accept(order)).kind).toBe('ok');
  });

  it.each([
    ['its answer is lost', 'after', 'provisioning'],
    ['it never arrived', 'before', 'quoted'],
  ] as const)('finds out by itself what a payment came to when %s', async (_, failing, state) => {
    const world = new RentWorld();
    const { terms, quote } = await world.quoted();
    world.treasury.failing = failing;
    const answer = await world.accept({ rentalId: terms.rentalId, quote });
    expect(answer.kind).toBe('err');
    world.treasury.failing = undefined;
    await world.pass(durationNs({ minutes: 1 }));
    expect(world.stateOf(terms.rentalId)).toBe(state);
  });

  it('is busy while another call asks the ledger, and the money is taken once', async () => {
    const world = new RentWorld();
    const { terms, quote } = await world.quoted();
    world.treasury.failing = 'held';
    const order = { rentalId: terms.rentalId, quote };
    const first = world.accept(order);
    await Promise.resolve();
    expect(leafOf(await world.accept(order))).toBe('busy');
    world.treasury.letGo();
    expect((await first).kind).toBe('ok');
    expect(world.treasury.asked.filter((method) => method === 'deposit')).toHaveLength(1);
  });

  it('ends at once what was cancelled while it was being paid', async () => {
    const world = new RentWorld();
    const { terms, quote } = await world.quoted();
    world.treasury.failing = 'held';
    const paying = world.accept({ rentalId: terms.rentalId, quote });
    await Promise.resolve();
    expect(cancelRental(world.c, terms.rentalId).kind).toBe('ok');
    world.treasury.letGo();
    await paying;
    world.treasury.failing = undefined;
    expect(world.rental(terms.rentalId).state).toMatchObject({
      kind: 'ending',
      machineGoneAt: world.c.runtime.now,
      ending: { cause: 'renter-cancelled' },
    });
    expect(world.claim()).toBeUndefined();
    await world.pass(durationNs({ minutes: 1 }));
    const { facts } = world.treasury.books.escrow(quote.escrowId);
    expect(facts).toMatchObject([{ kind: 'ended', cause: 'renter-cancelled' }]);
  });
});

describe('ending', () => {
  it('needs no delete job when nobody had begun', async () => {
    const world = new RentWorld();
    const rental = await world.paid();
    expect(cancelRental(world.c, rental.id).kind).toBe('ok');
    expect(world.rental(rental.id).state).toMatchObject({ machineGoneAt: world.c.runtime.now });
    expect(world.claim()).toBeUndefined();
  });

  it('waits for the lease of a worker that may be about to make a machine', async () => {
    const world = new RentWorld();
    const rental = await world.paid();
    expect(world.claim()?.job).toBe('provision');
    expect(cancelRental(world.c, rental.id).kind).toBe('ok');
    expect(world.rental(rental.id).state).toMatchObject({ machineGoneAt: undefined });
    expect(world.claim()).toBeUndefined();
    await world.pass(durationNs({ seconds: 31 }));
    expect(world.claim()?.job).toBe('terminate');
  });

  it('gives everything back when the machine is not ready in time', async () => {
    const world = new RentWorld();
    const rental = await world.paid();
    await world.pass(durationNs({ minutes: 29 }));
    expect(world.rental(rental.id).state).toMatchObject({ ending: { cause: 'not-provisioned' } });
    const { facts } = world.treasury.books.escrow(escrowOf(rental));
    expect(facts).toMatchObject([{ kind: 'ended', cause: 'not-provisioned' }]);
  });

  it('wipes what is private at once', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const { rentals, jobs } = world.c.storage;
    expect(jobs.connections.has(rental.id)).toBe(true);
    cancelRental(world.c, rental.id);
    expect(rentals.configs.has(rental.id)).toBe(false);
    expect(jobs.connections.has(rental.id)).toBe(false);
    expect(cancelRental(world.c, rental.id).kind).toBe('ok');
  });

  it('is for the two parties alone', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const asOther = asPerson(world.c, 'somebody', () => cancelRental(world.c, rental.id));
    expect(leafOf(asOther)).toBe('not-found');
    const asSeller = asPerson(world.c, 'seller', () => cancelRental(world.c, rental.id));
    expect(leafOf(asSeller)).toBe('not-found');
    const bySeller = asPerson(world.c, 'seller', () => providerCancelRental(world.c, rental.id));
    expect(bySeller.kind).toBe('ok');
  });

  it('is decided by the clock when somebody cancels after the paid time', async () => {
    const world = new RentWorld();
    const rental = await world.active({ termNs: HOUR });
    const endsAt = (world.c.runtime.now + HOUR) as typeof world.c.runtime.now;
    world.c.runtime.now = endsAt;
    expect(cancelRental(world.c, rental.id).kind).toBe('ok');
    expect(world.rental(rental.id).state).toMatchObject({ ending: { cause: 'term-ended' } });
  });

  it('follows a decided dispute', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const at = world.c.runtime.now;
    world.treasury.books.end(escrowOf(rental), { at, cause: 'dispute-decided' });
    await world.pass(durationNs({ hours: 6 }));
    expect(world.rental(rental.id).state).toMatchObject({ ending: { cause: 'dispute-decided' } });
  });
});

describe('extending', () => {
  const extended = async (world: RentWorld, rental: Rental) => {
    const quoted = await quoteExtension(world.c, { rentalId: rental.id, termNs: MONTH });
    if (quoted.kind === 'err') return expect.fail(quoted.error.message);
    expect((await world.accept(quoted.value)).kind).toBe('ok');
    return quoted.value;
  };

  it('follows on without a gap, with an escrow of its own', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const { startsAt, endsAt, quote } = await extended(world, rental);
    expect(world.rental(rental.id).state).toMatchObject({ kind: 'active', endsAt });
    await world.passTo(startsAt);
    expect(world.stateOf(rental.id)).toBe('active');
    const { books } = world.treasury;
    expect(books.escrow(escrowOf(rental)).facts.at(-1)).toMatchObject({
      kind: 'ended',
      at: startsAt,
    });
    expect(books.escrow(quote.escrowId).facts).toEqual([{ kind: 'started', at: startsAt }]);
    await world.passTo(endsAt);
    expect(world.rental(rental.id).state).toMatchObject({
      ending: { cause: 'term-ended', at: endsAt },
    });
  });

  it('ends each period in order when the canister slept through several', async () => {
    const world = new RentWorld();
    const rental = await world.active({ termNs: HOUR });
    const quoted = await quoteExtension(world.c, { rentalId: rental.id, termNs: HOUR });
    if (quoted.kind === 'err') return expect.fail(quoted.error.message);
    await world.accept(quoted.value);
    await world.pass(durationNs({ days: 2 }));
    expect(world.rental(rental.id).state).toMatchObject({ ending: { at: quoted.value.endsAt } });
    const kinds = world.rental(rental.id).periods.map(({ status }) => status);
    expect(kinds).toEqual(['ended', 'ended']);
  });

  it('that is not paid is dropped, and the rental ends when it should', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    await quoteExtension(world.c, { rentalId: rental.id, termNs: MONTH });
    await world.pass(durationNs({ minutes: 12 }));
    expect(world.rental(rental.id).periods).toHaveLength(1);
  });

  it('costs at most what was agreed, or is refused', async () => {
    const world = new RentWorld();
    const rental = await world.active();
    const { offering } = world.offer;
    const input = { ...offering, pricePerMonthUsdE8: 2_000_000_000n as UsdE8 };
    asPerson(world.c, 'seller', () => updateOffering(world.c, { offeringId: offering.id, input }));
    const refused = await quoteExtension(world.c, { rentalId: rental.id, termNs: MONTH });
    expect(leafOf(refused)).toBe('offering-unavailable');
  });
});
