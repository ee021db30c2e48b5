import { describe, expect, it } from 'vitest';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import type { _SERVICE as Treasury } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import * as fixture from './support/treasury-world.ts';
import { depositOf, escrowOf, okOf, treasuryWorld } from './support/treasury-world.ts';

const { AMOUNT, DAY_NS, FEE, LEDGER, MINUTE_NS, PAYER, PROVIDER, RENTAL, terms, wasm } = fixture;
const page = { from: [] as [], limit: 50, newest_first: false };

describe('an upgrade of the treasury', () => {
  it('keeps every row and goes on paying', () => {
    const treasury = treasuryWorld();
    const { as, world, ledger, treasuryId } = treasury;
    const id = fixture.runningEscrow(treasury);
    world.advance(5n * DAY_NS);
    const seen = () => ({
      escrow: escrowOf(treasury, id),
      events: as(PAYER).list_events(page),
      transfers: as(PAYER).list_escrow_transfers(id, page),
      quote: as(PAYER).get_quote(id),
    });
    const before = seen();
    expect(world.upgrade({ canisterId: treasuryId, wasm })).toEqual({ kind: 'ok' });
    expect(seen()).toEqual(before);
    const paid = ledger.balanceOf(accountOf(PROVIDER));
    world.advance(DAY_NS);
    expect(ledger.balanceOf(accountOf(PROVIDER))).toBeGreaterThan(paid);
    fixture.expectSound(treasury, id);
  });

  it('is refused while a ledger’s answer is awaited, and works after a stop', () => {
    const treasury = treasuryWorld();
    const { world, ledger, treasuryId } = treasury;
    const { id, amount, fee } = fixture.quoteFor(treasury);
    fixture.approve(treasury, amount + fee);
    ledger.faults.next('icrc2_transfer_from', { kind: 'never-reply', executes: 'at-once' });
    const payer = world.submitter<Treasury>(treasuryId, idlFactory, PAYER);
    const paying = payer.deposit(depositOf(id));
    world.runUntilIdle();
    expect(paying.isDone()).toBe(false);
    const refused = world.upgrade({ canisterId: treasuryId, wasm });
    expect(refused).toMatchObject({ kind: 'reject' });
    const stop = world.stop(treasuryId);
    world.runUntilIdle();
    expect(stop.isDone()).toBe(false);
    ledger.faults.release();
    world.runUntilIdle();
    expect(world.settle(stop).kind).toBe('reply');
    expect(world.upgrade({ canisterId: treasuryId, wasm })).toEqual({ kind: 'ok' });
    world.start(treasuryId);
    expect(okOf(paying.result()).amount).toBe(AMOUNT);
    expect(escrowOf(treasury, id).phase).toHaveProperty('Funded');
    fixture.expectSound(treasury, id);
  });

  it('finds out about a payment whose answer it forgot', () => {
    const treasury = treasuryWorld();
    const { world, ledger, treasuryId } = treasury;
    const { id, amount, fee } = fixture.quoteFor(treasury);
    fixture.approve(treasury, 2n * (amount + fee));
    ledger.faults.next('icrc2_transfer_from', { kind: 'never-reply', executes: 'at-once' });
    world.submitter<Treasury>(treasuryId, idlFactory, PAYER).deposit(depositOf(id));
    world.runUntilIdle();
    const before = ledger.balanceOf(accountOf(PAYER));
    const forced = { canisterId: treasuryId, wasm, skipPreUpgrade: true };
    expect(world.upgrade(forced)).toEqual({ kind: 'ok' });
    world.advance(6n * MINUTE_NS);
    expect(escrowOf(treasury, id).phase).toHaveProperty('Funded');
    expect(ledger.balanceOf(accountOf(PAYER))).toBe(before);
    fixture.expectSound(treasury, id);
  });
});

describe('without token-value', () => {
  it('nothing new is quoted or paid, and what runs is paid out and refunded', () => {
    const treasury = treasuryWorld();
    const { as, world, ledger, prices } = treasury;
    const id = fixture.runningEscrow(treasury);
    const open = fixture.quoteFor(treasury, { rental_id: 8n });
    prices.isDead = true;
    world.advance(3n * DAY_NS);
    expect(ledger.balanceOf(accountOf(PROVIDER))).toBeGreaterThan(0n);
    expect(as(RENTAL).quote(terms)).toMatchObject({
      Err: { kind: { TemporaryError: [{ NoPrice: {} }] } },
    });
    expect(escrowOf(treasury, open.id).phase).toHaveProperty('Lapsed');
    const before = ledger.balanceOf(accountOf(PAYER));
    fixture.report(treasury, id, 2n, {
      Ended: { at_ns: world.timeNs, cause: { ProviderFailed: null } },
    });
    world.runUntilIdle();
    world.advance(1_000_000_000n);
    const refund = ledger.balanceOf(accountOf(PAYER)) - before;
    expect(refund).toBeGreaterThanOrEqual((AMOUNT * 27n) / 30n - FEE);
    world.advance(3n * DAY_NS);
    expect(escrowOf(treasury, id).phase).toHaveProperty('Closed');
    // A price from before is no longer noted on a payout.
    const { rows } = okOf(as(PAYER).list_escrow_transfers(id, { ...page, newest_first: true }));
    expect(rows[0]?.value.status).toMatchObject({ Paid: { usd_e8: [] } });
    expect(LEDGER.toText()).toBe(rows[0]?.value.ledger.toText());
    fixture.expectSound(treasury, id);
  });
});
