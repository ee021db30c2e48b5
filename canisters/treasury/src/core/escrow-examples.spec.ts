import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, lasting, TERMS, TOKEN, units, who } from '../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../testing/escrow-world.fake.ts';
import { decideDispute, openDispute } from './escrow/disputes.ts';
import { openOf, undecidedOf } from './escrow/party-book.ts';
import { pausePayouts } from './payees/payout-account.ts';

const MINUTE = durationNs({ minutes: 1 });

describe('a month for 100 dollars', () => {
  it('pays provider, author and platform to the last unit', () => {
    const world = new EscrowWorld().start();
    expect(world.quote.amount).toBe(10_000_000_000n);
    world.runUntil(after(world.now, durationNs({ days: 40 })));
    const { books, phase } = world.escrow;
    expect(phase).toMatchObject({ kind: 'closed', cause: 'term-ended' });
    expect(books.payer.credited).toBe(0n);
    expect(books.author.credited).toBe(500_000_000n);
    expect(books.platform.credited).toBe(300_000_000n);
    expect(books.provider.credited).toBe(9_200_000_000n);
    expect(books.provider.paid).toBe(9_200_000_000n);
    expect(books.author.paid).toBe(500_000_000n);
    const payouts = world.rows.transfers.filter((one) => one.purpose.kind === 'payout').length;
    expect(world.ledger.platform).toBe(300_000_000n - BigInt(payouts) * TOKEN.fee);
    expect(world.ledger.escrow).toBe(0n);
  });

  it('releases day by day what is two days old, less a quarter for the uptime promise', () => {
    const world = new EscrowWorld().start();
    const startedAt = world.now;
    world.runUntil(after(startedAt, lasting(3n * DAY - 1n)));
    expect(world.escrow.books.provider.credited).toBe(0n);
    world.runUntil(after(startedAt, lasting(3n * DAY)));
    // One of 30 days: 333 333 333; three quarters of it: 249 999 999.
    const { provider, author, platform } = world.escrow.books;
    expect(author.credited).toBe(12_499_999n);
    expect(platform.credited).toBe(7_499_999n);
    expect(provider.credited).toBe(249_999_999n - 12_499_999n - 7_499_999n);
    expect(provider.paid).toBe(provider.credited);
    expect(platform.paid).toBe(0n);
    expect(world.escrow.dueAt).toBe(startedAt + 4n * DAY);
  });

  it('refunds a renter who cancels after ten days at once and pays the rest two days later', () => {
    const world = new EscrowWorld().start();
    const startedAt = world.now;
    world.runUntil(after(startedAt, lasting(10n * DAY)));
    world.fact({ kind: 'ended', at: world.now, cause: 'renter-cancelled' });
    world.tick();
    // 20 of 30 days come back: 10 000 000 000 less 3 333 333 333.
    expect(world.escrow.books.payer.paid).toBe(6_666_666_667n);
    expect(world.escrow.dueAt).toBe(startedAt + 12n * DAY);
    world.runUntil(after(startedAt, lasting(12n * DAY)));
    expect(world.escrow.phase.kind).toBe('closed');
    const { provider, author, platform } = world.escrow.books;
    expect(provider.credited + author.credited + platform.credited).toBe(3_333_333_333n);
    expect(author.credited).toBe(166_666_666n);
    expect(platform.credited).toBe(99_999_999n);
  });

  it('bills the notice if the renter cancels at once', () => {
    const world = new EscrowWorld({ terms: { ...TERMS, noticeNs: DAY } }).start();
    world.fact({ kind: 'ended', at: world.now, cause: 'renter-cancelled' });
    world.runUntil(after(world.now, lasting(3n * DAY)));
    expect(world.escrow.books.payer.credited).toBe(9_666_666_667n);
    expect(world.escrow.books.author.credited).toBe(16_666_666n);
  });

  it('takes the penalty from a provider who cancels: a tenth of what vested', () => {
    const world = new EscrowWorld().start();
    world.runUntil(after(world.now, lasting(15n * DAY)));
    world.fact({ kind: 'ended', at: world.now, cause: 'provider-cancelled' });
    world.runUntil(after(world.now, lasting(3n * DAY)));
    expect(world.escrow.books.payer.credited).toBe(5_500_000_000n);
    expect(world.escrow.books.author.credited).toBe(225_000_000n);
    expect(world.escrow.books.platform.credited).toBe(135_000_000n);
    expect(world.escrow.books.provider.credited).toBe(4_140_000_000n);
  });

  it('refunds an outage of a day and gives the credit of the uptime table for it', () => {
    const world = new EscrowWorld().start();
    const startedAt = world.now;
    world.runUntil(after(startedAt, lasting(20n * DAY)));
    const to = world.now;
    world.fact({ kind: 'outage', from: timestampNs(to - DAY), to });
    world.runUntil(after(startedAt, lasting(40n * DAY)));
    // 29 of 30 days vest: 9 666 666 666. Uptime 96.7 % is below 99 %: a quarter of that goes back.
    const net = 7_249_999_999n;
    expect(world.escrow.books.payer.credited).toBe(10_000_000_000n - net);
    expect(world.escrow.books.author.credited).toBe((net * 5n) / 100n);
  });

  it('refunds a pause and does not hold it against the uptime', () => {
    const world = new EscrowWorld().start();
    const startedAt = world.now;
    world.runUntil(after(startedAt, lasting(5n * DAY)));
    world.fact({ kind: 'paused', at: world.now });
    world.runUntil(after(startedAt, lasting(8n * DAY)));
    world.fact({ kind: 'resumed', at: world.now });
    world.runUntil(after(startedAt, lasting(40n * DAY)));
    expect(world.escrow.books.payer.credited).toBe(1_000_000_000n);
  });

  it('splits what an arbiter leaves, and ends the rental', () => {
    const world = new EscrowWorld().start();
    world.runUntil(after(world.now, lasting(4n * DAY)));
    const { quote, escrow, now } = world;
    const frozen = undecidedOf(escrow);
    const earned = quote.amount - frozen;
    const opened = openDispute({ quote, escrow, now, caller: who.payer, reason: 'slow' });
    if (opened.kind === 'ok') world.record(opened.value);
    const asked = { quote, escrow: world.escrow, now, caller: who.arbiter };
    const decided = decideDispute({ ...asked, payerPart: units(5_000_000_000n) });
    if (decided.kind === 'ok') world.record(decided.value);
    world.tick();
    const { books, phase } = world.escrow;
    expect(phase).toMatchObject({ kind: 'closed', cause: 'dispute-decided' });
    expect(books.payer.paid).toBe(5_000_000_000n);
    expect(earned).toBe(499_999_999n);
    expect(books.author.credited).toBe(250_000_000n);
    expect(books.platform.credited).toBe(150_000_000n);
    expect(books.provider.credited).toBe(4_600_000_000n);
  });

  it('waits for a paused provider alone, 90 days at most, and pays the author meanwhile', () => {
    const world = new EscrowWorld().start();
    world.runUntil(after(world.now, lasting(20n * DAY)));
    const paid = world.escrow.books.provider.paid;
    const until = after(world.now, durationNs({ days: 90 }));
    const asked = { payee: undefined, owner: who.provider, now: world.now };
    const paused = pausePayouts({ ...asked, until });
    if (paused.kind === 'ok') world.record(paused.value);
    world.runUntil(after(world.now, durationNs({ days: 80 })));
    expect(world.escrow.phase.kind).toBe('ended');
    expect(world.escrow.books.provider.paid).toBe(paid);
    expect(openOf(world.escrow.books.author)).toBe(0n);
    world.runUntil(after(until, DAY));
    expect(world.escrow.phase.kind).toBe('closed');
    expect(openOf(world.escrow.books.provider)).toBe(0n);
  });

  it('refunds the renter at once, although a paused provider makes other payouts wait', () => {
    const world = new EscrowWorld().start();
    const until = after(world.now, durationNs({ days: 20 }));
    const paused = pausePayouts({ payee: undefined, owner: who.provider, now: world.now, until });
    if (paused.kind === 'ok') world.record(paused.value);
    world.runUntil(after(world.now, lasting(10n * DAY + HOUR)));
    expect(world.escrow.payoutsNotBefore).toBeGreaterThan(world.now);
    world.fact({ kind: 'ended', at: world.now, cause: 'provider-failed' });
    world.tick();
    expect(world.escrow.books.payer.paid).toBeGreaterThan(6_000_000_000n);
  });

  it('gives all that is left to the renter, if an outage is told after its time was paid', () => {
    const world = new EscrowWorld().start();
    const startedAt = world.now;
    world.runUntil(after(startedAt, lasting(12n * DAY)));
    // Ten days less a quarter were paid. Of twelve days four and a bit were down: 7.6 vested.
    expect(world.escrow.books.provider.credited).toBe(2_300_000_001n);
    const from = after(startedAt, lasting(DAY));
    world.fact({ kind: 'outage', from, to: after(from, lasting(4n * DAY + 9n * HOUR)) });
    world.fact({ kind: 'ended', at: world.now, cause: 'provider-failed' });
    const gross = 2_541_666_666n;
    expect(world.escrow.books.payer.credited).toBe(10_000_000_000n - gross);
    world.runUntil(after(startedAt, lasting(14n * DAY)));
    // A quarter of 2 541 666 666 would go back, but only 41 666 667 were not paid yet.
    expect(world.escrow.books.payer.credited).toBe(7_500_000_001n);
    expect(world.escrow.books.provider.credited).toBe(2_300_000_001n);
  });

  it('does not put off a release that is due because a fact comes in between', () => {
    const world = new EscrowWorld().start();
    const slot = after(world.now, lasting(3n * DAY));
    expect(world.escrow.dueAt).toBe(slot);
    world.now = after(slot, MINUTE);
    world.fact({ kind: 'outage', from: slot, to: world.now });
    expect(world.escrow.dueAt).toBe(slot);
    world.tick();
    expect(world.escrow.books.provider.paid).toBeGreaterThan(0n);
  });

  it('makes dust of a few units the platform’s, and leaves at most one ledger fee behind', () => {
    // Ten fees in all, for an hour: the author's 5 % are half a fee, the platform's 3 % less.
    const token = { ...TOKEN, fee: units(500n), minPayout: units(0n) };
    const terms = { ...TERMS, totalUsdE8: 10_000n as UsdE8, termNs: HOUR, noticeNs: HOUR };
    const world = new EscrowWorld({ token, terms }).start();
    expect(world.quote.amount).toBe(10_000n);
    world.runUntil(after(world.now, durationNs({ days: 4 })));
    expect(world.escrow.phase.kind).toBe('closed');
    // The platform's 300 pay for part of the provider's payout; of 500 the author gets nothing.
    expect(world.escrow.books.provider).toEqual({ credited: 9_200n, paid: 9_000n, fees: 200n });
    expect(world.escrow.books.author).toEqual({ credited: 0n, paid: 0n, fees: 0n });
    expect(world.escrow.books.platform).toEqual({ credited: 800n, paid: 0n, fees: 300n });
    expect(world.ledger.escrow).toBe(500n);
  });
});
