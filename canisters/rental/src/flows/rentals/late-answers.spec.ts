import { describe, expect, it } from 'vitest';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import type { EscrowId } from '../../core/ids.ts';
import { RentWorld } from '../../testing/rent-world.fake.ts';
import { forgetRental } from '../archive/forget-rental.ts';
import { askTreasury } from './ask-treasury.flow.ts';
import { cancelRental } from './cancel-rental.flow.ts';
import { tickRentals } from './rentals-tasks.ts';

const FIRST = 0 as EscrowId;

async function quotedWorld() {
  const world = new RentWorld();
  const { terms, quote } = await world.quoted();
  return { world, asked: { rentalId: terms.rentalId, quote }, id: terms.rentalId };
}

describe('a payment whose outcome is open', () => {
  it('is still open when another attempt does not arrive, and a cancel stands', async () => {
    const { world, asked, id } = await quotedWorld();
    world.treasury.books.ledger = 'is-silent';
    await world.accept(asked);
    expect(cancelRental(world.c, id).kind).toBe('ok');
    world.treasury.failing = 'before';
    const again = await world.accept(asked);
    expect(again).toMatchObject({ kind: 'err', error: { leaf: { kind: 'payment-pending' } } });
    expect(world.stateOf(id)).toBe('awaiting-payment');
    world.treasury.failing = undefined;
    world.treasury.books.confirmDeposit(FIRST);
    await world.pass(durationNs({ minutes: 2 }));
    expect(world.stateOf(id)).toBe('ending');
  });

  it('is over when the treasury itself refuses another attempt', async () => {
    const { world, asked, id } = await quotedWorld();
    world.treasury.books.ledger = 'is-silent';
    await world.accept(asked);
    world.treasury.books.failDeposit(FIRST);
    const leaf = { kind: 'insufficient-allowance', needed: asked.quote.amount } as const;
    world.treasury.refusals.deposit = { kind: 'request', leaf, message: 'approve first' };
    expect((await world.accept(asked)).kind).toBe('err');
    expect(world.stateOf(id)).toBe('quoted');
  });
});

describe('an answer that comes late', () => {
  it('leaves no more time to deliver than the treasury gives', async () => {
    const { world, asked, id } = await quotedWorld();
    const askedAt = world.c.runtime.now;
    world.treasury.failing = 'held';
    const accepting = world.accept(asked);
    world.c.runtime.now = after(askedAt, durationNs({ minutes: 20 }));
    world.treasury.letGo();
    expect((await accepting).kind).toBe('ok');
    const { state } = world.rental(id);
    const withinNs = present(world.c.storage.rentals.terms.get(id), 'terms').provisionWithinNs;
    expect(state).toMatchObject({ kind: 'provisioning' });
    expect(state.kind === 'provisioning' && state.deadlineAt < after(askedAt, withinNs)).toBe(true);
  });

  it('does not make a quote lapse that was paid after the question', async () => {
    const { world, asked, id } = await quotedWorld();
    world.treasury.books.ledger = 'is-silent';
    await world.accept(asked);
    world.treasury.books.failDeposit(FIRST);
    world.c.runtime.now = after(world.c.runtime.now, durationNs({ seconds: 30 }));
    world.treasury.failing = 'held';
    tickRentals(world.c);
    while (await world.c.timers.fireNext());
    const asking = askTreasury(world.c);
    world.treasury.failing = undefined;
    world.treasury.books.confirmDeposit(FIRST);
    world.c.runtime.now = after(world.c.runtime.now, durationNs({ minutes: 12 }));
    world.treasury.letGo();
    await asking;
    while (await world.c.timers.fireNext());
    expect(world.stateOf(id)).toBe('awaiting-payment');
    await world.pass(durationNs({ minutes: 1 }));
    expect(world.stateOf(id)).toBe('provisioning');
  });

  it('finds a rental that went to the archive meanwhile', async () => {
    const { world, asked, id } = await quotedWorld();
    world.treasury.failing = 'held';
    const accepting = world.accept(asked);
    world.treasury.failing = undefined;
    await world.pass(durationNs({ minutes: 1 }));
    expect(cancelRental(world.c, id).kind).toBe('ok');
    await world.pass(durationNs({ minutes: 1 }));
    world.treasury.books.settle(FIRST);
    await world.pass(durationNs({ hours: 1 }));
    const { updatedAt, state } = world.rental(id);
    expect(state.kind).toBe('closed');
    forgetRental(world.c, { id, updatedAt, queuedAt: updatedAt });
    world.treasury.letGo();
    expect(await accepting).toMatchObject({ kind: 'err', error: { leaf: { kind: 'archived' } } });
  });
});
