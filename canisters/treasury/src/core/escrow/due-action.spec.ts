import { describe, expect, it } from 'vitest';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { platformAccount } from '../accounts.ts';
import type { Payee } from '../payees/payee.ts';
import {
  DAY,
  HOUR,
  lasting,
  somebody,
  START,
  TERMS,
  TOKEN,
  units,
  who,
} from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import { dueAction, type DueInput } from './due-action.ts';
import type { Escrow, PartyBook } from './escrow.ts';
import { planPayout } from './payout-plan.ts';

const at = (hours: number) => timestampNs(START + BigInt(hours) * HOUR);

function inputOf(world: EscrowWorld): DueInput {
  const { quote, escrow, fee, now } = world;
  const payees = { provider: undefined, author: undefined };
  return { quote, escrow, fee, payees, self: who.self, now };
}

function credit(credited: bigint): PartyBook {
  return { credited: units(credited), paid: units(0n), fees: units(0n) };
}

/** A final escrow that owes what `owed` says. */
function final(owed: Partial<Record<keyof Escrow['books'], bigint>>): DueInput {
  const input = inputOf(new EscrowWorld().start());
  const { payer = 0n, provider = 0n, author = 0n, platform = 0n } = owed;
  const books = {
    payer: credit(payer),
    provider: credit(provider),
    author: credit(author),
    platform: credit(platform),
  };
  const phase = {
    kind: 'ended',
    startedAt: START,
    endAt: START,
    cause: 'term-ended',
    isFinal: true,
  } as const;
  return { ...input, escrow: { ...input.escrow, books, phase } };
}

const paused: Payee = {
  owner: who.provider,
  account: { owner: who.provider, subaccount: undefined },
  pending: undefined,
  pausedUntil: at(10),
};

describe('dueAction by the clock', () => {
  it('lets an unpaid quote lapse after 10 minutes', () => {
    const world = new EscrowWorld();
    expect(inputOf(world).escrow.dueAt).toBe(START + durationNs({ minutes: 10 }));
    expect(dueAction(inputOf(world))).toEqual({ kind: 'none', dueAt: world.quote.expiresAt });
    world.runUntil(world.quote.expiresAt);
    expect(world.escrow.phase).toEqual({ kind: 'lapsed', at: world.quote.expiresAt });
    expect(dueAction(inputOf(world))).toEqual({ kind: 'none', dueAt: undefined });
  });

  it('does nothing while the deposit is under way', () => {
    const world = new EscrowWorld();
    const { escrow } = world;
    const input = {
      ...inputOf(world),
      escrow: { ...escrow, phase: { kind: 'depositing', transferId: 0 as never } as const },
    };
    expect(dueAction({ ...input, now: at(999) })).toEqual({ kind: 'none', dueAt: undefined });
  });

  it('gives back what was not started in time', () => {
    const world = new EscrowWorld();
    world.deposit();
    expect(dueAction({ ...inputOf(world), now: at(1) })).toEqual({ kind: 'none', dueAt: at(2) });
    expect(dueAction({ ...inputOf(world), now: at(2) })).toMatchObject({
      event: { kind: 'ended', cause: 'not-provisioned', seq: undefined, endAt: at(2) },
    });
  });

  it('ends the term on the dot, however late it looks', () => {
    const world = new EscrowWorld().start();
    expect(dueAction({ ...inputOf(world), now: at(2_000) })).toMatchObject({
      event: { kind: 'ended', cause: 'term-ended', endAt: at(30 * 24) },
    });
  });

  it('leaves six hours after the term for facts about its end, in which nothing vests', () => {
    const world = new EscrowWorld().start();
    const termEnd = at(30 * 24);
    const endDueAt = at(30 * 24 + 6);
    world.runUntil(timestampNs(endDueAt - 1n));
    expect(world.escrow).toMatchObject({ phase: { kind: 'running' }, dueAt: endDueAt });
    const to = timestampNs(termEnd - HOUR);
    expect(world.fact({ kind: 'outage', from: timestampNs(to - HOUR), to }).kind).toBe('apply');
    expect(world.fact({ kind: 'outage', from: to, to: endDueAt }).kind).toBe('refused');
    expect(world.fact({ kind: 'outage', from: to, to: world.now }).kind).toBe('apply');
    world.runUntil(endDueAt);
    const { phase, exclusions, books } = world.escrow;
    expect(phase).toMatchObject({ kind: 'ended', endAt: termEnd, cause: 'term-ended' });
    expect(exclusions.outageNs).toBe(2n * HOUR);
    expect(books.payer.credited).toBe((world.quote.amount * 2n + 719n) / 720n);
  });

  it('ends a term at once when it is told so', () => {
    const world = new EscrowWorld().start();
    world.runUntil(at(30 * 24));
    expect(world.fact({ kind: 'ended', at: world.now, cause: 'term-ended' }).kind).toBe('apply');
    expect(world.escrow.phase).toMatchObject({ kind: 'ended', endAt: world.now });
    expect(world.escrow.dueAt).toBe(at(32 * 24));
  });

  it('waits 14 days with the last part of what was not measured, and then goes by the facts', () => {
    const world = new EscrowWorld().start();
    world.runUntil(at(48));
    expect(world.fact({ kind: 'unproven', unknownPpm: 60_000 }).kind).toBe('apply');
    world.fact({ kind: 'ended', at: at(48), cause: 'provider-failed' });
    const finalAt = timestampNs(at(48) + 14n * DAY);
    world.runUntil(timestampNs(finalAt - 1n));
    expect(world.escrow).toMatchObject({ phase: { isFinal: false }, dueAt: finalAt });
    world.runUntil(finalAt);
    const { amount } = world.quote;
    expect(world.escrow.phase.kind).toBe('closed');
    expect(world.escrow.books.payer.credited).toBe(amount - (amount * 48n) / 720n);
  });

  it('looks again after the two days of hold-back', () => {
    const world = new EscrowWorld().start();
    world.runUntil(at(48));
    world.fact({ kind: 'ended', at: at(48), cause: 'provider-failed' });
    world.runUntil(at(95));
    expect(world.escrow.dueAt).toBe(at(96));
    expect(dueAction({ ...inputOf(world), now: at(96) })).toMatchObject({
      event: { kind: 'finalised' },
    });
  });
});

describe('dueAction about payouts', () => {
  it('pays payer, provider, author and platform in this order, then closes', () => {
    const owed = { payer: 1n, provider: 500_000n, author: 400_000n, platform: 300_000n };
    const input = {
      ...final(owed),
      escrow: { ...final(owed).escrow, refundTo: { owner: who.payer, subaccount: undefined } },
    };
    expect(dueAction(input)).toEqual({
      kind: 'payout',
      plan: {
        party: 'payer',
        amount: 1n,
        fee: 10_000n,
        feeFromPayee: 0n,
        to: { owner: who.payer, subaccount: undefined },
      },
    });
    expect(dueAction(final({ ...owed, payer: 0n }))).toMatchObject({
      plan: { party: 'provider', amount: 500_000n, to: { owner: who.provider } },
    });
    expect(dueAction(final({ author: 400_000n, platform: 300_000n }))).toMatchObject({
      plan: { party: 'author', amount: 400_000n, to: { owner: who.author } },
    });
    expect(dueAction(final({ platform: 300_000n }))).toEqual({
      kind: 'payout',
      plan: {
        party: 'platform',
        amount: 290_000n,
        fee: 10_000n,
        feeFromPayee: 10_000n,
        to: platformAccount(who.self),
      },
    });
    expect(dueAction(final({}))).toEqual({
      kind: 'event',
      event: { kind: 'escrow-closed', escrowId: 0 },
    });
  });

  it('leaves up to one fee of the platform where it is', () => {
    expect(dueAction(final({ platform: 10_000n }))).toMatchObject({
      event: { kind: 'escrow-closed' },
    });
    expect(dueAction(final({ platform: 10_001n }))).toMatchObject({ plan: { amount: 1n } });
  });

  it('keeps for the platform what the ledger would eat', () => {
    expect(dueAction(final({ author: 10_000n }))).toEqual({
      kind: 'event',
      event: { kind: 'dust-kept', escrowId: 0, party: 'author', amount: 10_000n },
    });
    expect(dueAction(final({ author: 10_000n, platform: 1n }))).toMatchObject({
      plan: { party: 'author', amount: 1n, feeFromPayee: 9_999n },
    });
  });

  it('pays past a paused payee, but keeps the platform’s part until it is paid', () => {
    const owed = { provider: 500_000n, author: 400_000n, platform: 300_000n };
    const payees = { provider: paused, author: undefined };
    expect(dueAction({ ...final(owed), payees })).toMatchObject({ plan: { party: 'author' } });
    const rest = { ...final({ ...owed, author: 0n }), payees };
    expect(dueAction(rest)).toEqual({
      kind: 'event',
      event: { kind: 'payouts-deferred', escrowId: 0, until: at(10) },
    });
    const deferred = { ...rest, escrow: { ...rest.escrow, payoutsNotBefore: at(10) } };
    expect(dueAction(deferred)).toEqual({ kind: 'none', dueAt: at(10) });
    expect(dueAction({ ...deferred, now: at(10) })).toMatchObject({ plan: { party: 'provider' } });
  });

  it('looks after a long pause every day, so that its early end is seen', () => {
    const provider = { ...paused, pausedUntil: at(2_000) };
    const input = { ...final({ provider: 500_000n }), payees: { provider, author: undefined } };
    expect(dueAction(input)).toMatchObject({ event: { until: at(24) } });
  });

  it('pays to the account that holds at the time', () => {
    const pending = { account: { owner: somebody(9), subaccount: undefined }, effectiveAt: at(5) };
    const provider: Payee = { ...paused, pending, pausedUntil: undefined };
    const input = { ...final({ provider: 500_000n }), payees: { provider, author: undefined } };
    expect(dueAction({ ...input, now: at(4) })).toMatchObject({
      plan: { to: { owner: who.provider } },
    });
    expect(dueAction({ ...input, now: at(5) })).toMatchObject({
      plan: { to: { owner: somebody(9) } },
    });
  });

  it('waits while a transfer is under way', () => {
    const input = final({ provider: 500_000n });
    const escrow = { ...input.escrow, liveTransfer: 3 as never };
    expect(dueAction({ ...input, escrow })).toEqual({ kind: 'none', dueAt: undefined });
  });

  it('waits during the term for a ledger whose fee is too high for now', () => {
    const world = new EscrowWorld({ token: { ...TOKEN, minPayout: units(0n) } }).start();
    world.now = at(72);
    const action = dueAction(inputOf(world));
    if (action.kind === 'event') world.record(action.event);
    const input = inputOf(world);
    expect(dueAction(input)).toMatchObject({ plan: { party: 'provider' } });
    expect(dueAction({ ...input, fee: units(100_000_000n) })).toMatchObject({
      event: { kind: 'payouts-deferred', until: at(96) },
    });
  });
});

describe('planPayout', () => {
  it.each([
    // open, platform has, fee: arrives, from the payee
    [100n, 0n, 10n, 90n, 10n],
    [100n, 4n, 10n, 94n, 6n],
    [100n, 10n, 10n, 100n, 0n],
    [100n, 99n, 10n, 100n, 0n],
    [7n, 4n, 10n, 1n, 6n],
  ])(
    'of %s with %s of the platform and a fee of %s lets %s arrive',
    (open, has, fee, amount, from) => {
      const { escrow } = final({ provider: open, platform: has });
      expect(planPayout({ escrow, party: 'provider', fee: units(fee) })).toEqual({
        amount,
        fee,
        feeFromPayee: from,
      });
    },
  );

  it('is nothing where nothing would arrive', () => {
    const { escrow } = final({ provider: 6n, platform: 4n });
    expect(planPayout({ escrow, party: 'provider', fee: units(10n) })).toBeUndefined();
    expect(planPayout({ escrow, party: 'platform', fee: units(4n) })).toBeUndefined();
  });
});

describe('small rentals', () => {
  it('wait for the end instead of paying the ledger day by day', () => {
    const token = { ...TOKEN, minPayout: units(20_000_000_000n) };
    const terms = { ...TERMS, totalUsdE8: 20_000_000_000n as never };
    const world = new EscrowWorld({ token, terms }).start();
    expect(world.escrow.nextReleaseAt).toBeUndefined();
    world.runUntil(START + 29n * DAY);
    expect(world.journal.map((entry) => entry.event.kind)).not.toContain('released');
    world.runUntil(START + 40n * DAY);
    expect(world.escrow.phase.kind).toBe('closed');
    expect(lasting(30n * DAY)).toBe(world.quote.terms.termNs);
  });
});
