import { describe, expect, it } from 'vitest';
import { InvariantError } from '@decent-cloud/domain/assert.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, lasting, START, TOKEN, units, who } from '../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../testing/escrow-world.fake.ts';
import { applyEvent } from './apply.ts';
import { escrowAccount } from './accounts.ts';
import { NO_CREDITS, openOf } from './escrow/party-book.ts';
import type { TreasuryEvent } from './events.ts';
import type { EscrowId, TransferId } from './ids.ts';
import type { TreasuryState } from './state.ts';
import { freezeArgs } from './transfers/frozen-args.ts';

const escrowId = 0 as EscrowId;
const DAYS = (days: bigint) => lasting(days * DAY);

function bookOf(world: EscrowWorld) {
  const book = world.state.books.get(who.ledger);
  if (book === undefined) throw new Error('there is no book yet');
  return book;
}

function throwing(world: EscrowWorld, event: TreasuryEvent): unknown {
  try {
    applyEvent(world.state, { seq: world.journal.length, at: world.now, event });
    return 'applied';
  } catch (error) {
    return error instanceof InvariantError ? error.message : error;
  }
}

/** The end of a paid rental: everything credited, nothing paid yet. */
function settled(): EscrowWorld {
  const world = new EscrowWorld().start();
  world.now = after(world.now, DAYS(33n));
  for (let action = world.nextAction(); action.kind === 'event'; action = world.nextAction()) {
    world.record(action.event);
  }
  return world;
}

function payout(world: EscrowWorld, amount: bigint, feeFromPayee = 0n): TreasuryEvent {
  return {
    kind: 'transfer-planned',
    transferId: 50 as TransferId,
    purpose: { kind: 'payout', escrowId, party: 'provider' },
    ledger: who.ledger,
    from: escrowAccount(who.self, escrowId),
    to: { owner: who.provider, subaccount: undefined },
    amount: units(amount),
    fee: world.fee,
    feeFromPayee: units(feeFromPayee),
    scanFrom: 0n,
  };
}

describe('applyEvent refuses', () => {
  it('credits beyond the deposit, and credits that are taken back', () => {
    const world = new EscrowWorld().start();
    const released = (provider: bigint): TreasuryEvent => {
      const credits = { ...NO_CREDITS, provider: units(provider) };
      return { kind: 'released', escrowId, credits, nextReleaseAt: undefined };
    };
    expect(throwing(world, released(10_000_000_001n))).toMatch(/released cannot follow/);
    expect(throwing(world, released(-1n))).toMatch(/released cannot follow/);
    expect(throwing(world, released(10_000_000_000n))).toBe('applied');
    expect(throwing(world, released(1n))).toMatch(/released cannot follow/);
  });

  it('a payout of more than is owed, of nothing, or with a fee that nobody bears', () => {
    const world = settled();
    const owed = openOf(world.escrow.books.provider);
    expect(throwing(world, payout(world, owed + 1n))).toMatch(/not owed that much/);
    expect(throwing(world, payout(world, 0n))).toMatch(/moves something/);
    expect(throwing(settled(), payout(world, 1n, -1n))).toMatch(/divided/);
    expect(throwing(settled(), payout(world, 1n, world.fee + 1n))).toMatch(/divided/);
    expect(throwing(settled(), payout(world, owed))).toBe('applied');
  });

  it('a new try that would send more than is owed', () => {
    const world = settled();
    const owed = openOf(world.escrow.books.provider);
    world.record(payout(world, owed));
    const transferId = 50 as TransferId;
    const transfer = world.state.transfers.get(transferId);
    if (transfer === undefined) throw new Error('it was planned');
    world.record({ kind: 'transfer-sent', transferId, args: freezeArgs(transfer, world.now) });
    const again = (amount: bigint, fee: bigint, feeFromPayee: bigint): TreasuryEvent => ({
      kind: 'transfer-replanned',
      transferId,
      amount: units(amount),
      fee: units(fee),
      feeFromPayee: units(feeFromPayee),
      scanFrom: 0n,
      problem: 'the fee rose',
      notBefore: world.now,
    });
    const before = world.state.transfers.get(transferId);
    for (const wrong of [
      again(owed + 1n, 10n, 0n),
      again(owed, 10n, 1n),
      again(1n, 10n ** 9n, 0n),
    ]) {
      expect(throwing(world, wrong)).toMatch(/not owed that much/);
      // The message would be undone.
      if (before !== undefined) world.state.transfers.put(transferId, before);
    }
    expect(throwing(world, again(owed - 5n, 15n, 5n))).toBe('applied');
  });

  it('a second transfer while one is under way', () => {
    const world = settled();
    expect(throwing(world, payout(world, 1n))).toBe('applied');
    const second = { ...payout(world, 1n), transferId: 51 as TransferId } as TreasuryEvent;
    expect(throwing(world, second)).toMatch(/has a transfer under way/);
  });

  it('to pay twice: the same transfer, the same deposit, the same end', () => {
    const world = new EscrowWorld().start();
    world.runUntil(START + 40n * DAY);
    const paid = world.rows.transfers.filter((one) => one.status.kind === 'paid');
    expect(paid.length).toBeGreaterThan(3);
    for (const { id: transferId } of paid) {
      const again = { transferId, block: 9_999n, how: 'reply', usdE8: undefined } as const;
      expect(throwing(world, { kind: 'transfer-paid', ...again })).toMatch(/cannot follow paid/);
      const failed = { kind: 'transfer-failed', transferId, reason: 'x' } as const;
      expect(throwing(world, failed)).toMatch(/cannot follow paid/);
    }
    expect(throwing(world, { kind: 'escrow-closed', escrowId })).toMatch(/cannot follow/);
    const credits = { ...NO_CREDITS };
    expect(throwing(world, { kind: 'finalised', escrowId, credits })).toMatch(/cannot follow/);
  });

  it('an end with open payouts, and dust that is owed', () => {
    const world = settled();
    expect(throwing(world, { kind: 'escrow-closed', escrowId })).toMatch(/cannot follow/);
    const amount = units(openOf(world.escrow.books.author) - 1n);
    const dust = { kind: 'dust-kept', escrowId, party: 'author', amount } as const;
    expect(throwing(world, dust)).toMatch(/cannot follow/);
  });

  it('facts out of order, and an end before the start', () => {
    const world = new EscrowWorld().start();
    const fact = { kind: 'paused', at: world.now } as const;
    expect(throwing(world, { kind: 'fact-reported', escrowId, seq: 3, fact })).toMatch(/cannot/);
    const end = { cause: 'term-ended', credits: NO_CREDITS, seq: undefined } as const;
    const endAt = (START - 1n) as typeof START;
    expect(throwing(world, { kind: 'ended', escrowId, endAt, ...end })).toMatch(/cannot follow/);
  });

  it('what nobody knows', () => {
    const world = new EscrowWorld();
    const unknown = { kind: 'escrow-closed', escrowId: 9 as EscrowId } as const;
    expect(throwing(world, unknown)).toMatch(/there is no quote 9/);
    const sent = { kind: 'transfer-resent', transferId: 9 as TransferId } as const;
    expect(throwing(world, sent)).toMatch(/there is no transfer 9/);
    const quoted = { kind: 'quoted', quote: world.quote } as const;
    expect(throwing(world, quoted)).toMatch(/quote 0 is there/);
  });
});

describe('the book of a token', () => {
  it('follows a deposit, its release, payouts and the end', () => {
    const world = new EscrowWorld();
    world.deposit();
    const zero = { owed: 0n, fees: 0n, collected: 0n };
    const all = 10_000_000_000n;
    expect(bookOf(world)).toMatchObject({ ...zero, escrow: all, booked: all, openEscrowCount: 1 });
    expect(bookOf(world).exposure).toEqual([
      { minute: Number(START / 60_000_000_000n), usdE8: world.quote.terms.totalUsdE8 },
    ]);
    world.fact({ kind: 'started', at: world.now });
    world.runUntil(START + 3n * DAY);
    // 249 999 999 released: 12 499 999 for the author, 7 499 999 for the platform less two fees.
    expect(bookOf(world)).toMatchObject({
      escrow: all - 249_999_999n,
      owed: 0n,
      fees: 7_499_999n - 20_000n,
      booked: all - 249_999_999n + 7_499_999n - 20_000n,
    });
    world.runUntil(START + 40n * DAY);
    const { collected } = bookOf(world);
    expect(collected).toBe(world.ledger.platform);
    expect(bookOf(world)).toMatchObject({
      escrow: 0n,
      owed: 0n,
      fees: collected,
      booked: collected,
      openEscrowCount: 0,
    });
  });

  it('lets the platform take out of its own account what was collected, and not more', () => {
    const world = new EscrowWorld().start();
    world.runUntil(START + 40n * DAY);
    const { collected } = bookOf(world);
    expect(() => world.withdraw(units(collected - TOKEN.fee + 1n))).toThrow(/not collected/);
    const again = new EscrowWorld().start();
    again.runUntil(START + 40n * DAY);
    again.withdraw(units(collected - TOKEN.fee));
    expect(bookOf(again)).toMatchObject({ collected: 0n, fees: 0n, booked: 0n });
    expect(again.ledger.platform).toBe(0n);
    expect(bookOf(again).liveWithdrawal).toBeUndefined();
  });

  it('counts what is parked until it is resolved', () => {
    const world = new EscrowWorld();
    world.fates = ['parked'];
    world.deposit();
    expect(world.state.parked.rows(null)).toHaveLength(1);
    expect(bookOf(world).parkedCount).toBe(0);
    expect(world.escrow.phase.kind).toBe('funded');
  });

  it('adds up what audits find, each account by its last audit', () => {
    const world = new EscrowWorld().start();
    const audit = (surplus: bigint | undefined) => {
      world.record({ kind: 'escrow-audited', escrowId, surplus });
    };
    const platform = (surplus: bigint) => {
      world.record({ kind: 'platform-audited', ledger: who.ledger, surplus });
    };
    audit(5n);
    platform(7n);
    expect(bookOf(world)).toMatchObject({ surplus: 12n, shortfall: 0n });
    audit(-3n);
    expect(bookOf(world)).toMatchObject({ surplus: 7n, shortfall: 3n });
    audit(undefined);
    platform(0n);
    expect(bookOf(world)).toMatchObject({ surplus: 0n, shortfall: 3n });
    expect(world.escrow.surplus).toBe(-3n);
  });
});

describe('audits', () => {
  it('are due a day after the deposit, then daily, and once after the end', () => {
    const world = new EscrowWorld().start();
    const audited = () => world.record({ kind: 'escrow-audited', escrowId, surplus: 0n });
    expect(world.state.auditsDue.entries()).toEqual([{ id: 0, dueAt: START + DAY }]);
    world.now = after(START, lasting(DAY + HOUR));
    audited();
    expect(world.state.auditsDue.entries()).toEqual([{ id: 0, dueAt: START + 2n * DAY + HOUR }]);
    world.runUntil(START + 40n * DAY);
    audited();
    expect(world.state.auditsDue.entries()).toEqual([]);
    expect(world.escrow.auditedAt).toBe(world.now);
  });

  it('look again if the account was not at rest, even after the end', () => {
    const world = new EscrowWorld().start();
    world.runUntil(START + 40n * DAY);
    world.record({ kind: 'escrow-audited', escrowId, surplus: undefined });
    const dueAt = after(world.now, DAY);
    expect(world.state.auditsDue.entries()).toEqual([{ id: 0, dueAt }]);
    expect(world.escrow.auditedAt).toBeUndefined();
  });
});

describe('lists', () => {
  it('name paid periods of the rental, transfers of the escrow and payouts of each receiver', () => {
    const world = new EscrowWorld();
    expect(world.state.rentalEscrows.rows(world.quote.terms.rentalId)).toEqual([]);
    world.fates = ['failed'];
    world.deposit();
    expect(world.state.rentalEscrows.rows(world.quote.terms.rentalId)).toEqual([]);
    world.deposit();
    expect(world.state.rentalEscrows.rows(world.quote.terms.rentalId)).toEqual([{ escrowId }]);
    world.runUntil(START + durationNs({ hours: 3 }));
    expect(world.state.payeeTransfers.rows(who.payer)).toEqual([{ transferId: 2 }]);
    expect(world.state.escrowTransfers.rows(escrowId)).toHaveLength(3);
    const own = world.state.escrowEvents.rows(escrowId).map((row) => row.seq);
    expect(own).toEqual(world.journal.map((entry) => entry.seq).slice(1));
  });
});

/** Counts rows that are written, removed or added. */
function counting(state: TreasuryState): {
  readonly state: TreasuryState;
  readonly take: () => number;
} {
  let writes = 0;
  const counted = Object.fromEntries(
    Object.entries(state).map(([name, table]) => {
      const wrapped = Object.entries(table as Record<string, (...args: unknown[]) => unknown>).map(
        ([method, run]) => {
          const isWrite = method !== 'get' && method !== 'count';
          const counted = (...args: unknown[]) => {
            if (isWrite) writes += 1;
            return run(...args);
          };
          return [method, counted];
        },
      );
      return [name, Object.fromEntries(wrapped)];
    }),
  ) as unknown as TreasuryState;
  const take = () => {
    const taken = writes;
    writes = 0;
    return taken;
  };
  return { state: counted, take };
}

describe('writes', () => {
  /** Each costs about a million instructions in the canister. */
  const AT_MOST: Partial<Record<TreasuryEvent['kind'], number>> = {
    quoted: 5,
    'deposit-planned': 7,
    'transfer-planned': 8,
    'transfer-sent': 2,
    'transfer-paid': 9,
    'fact-reported': 4,
    ended: 5,
    released: 5,
    finalised: 5,
    'escrow-closed': 4,
  };

  it('are few for each event of a whole rental', () => {
    const world = new EscrowWorld().start();
    world.now = after(world.now, DAYS(9n));
    world.fact({ kind: 'outage', from: START, to: after(START, HOUR) });
    world.runUntil(START + 40n * DAY);
    const fresh = counting(new EscrowWorld().state);
    const most = new Map<string, number>();
    for (const entry of world.journal.slice(2)) {
      applyEvent(fresh.state, entry);
      const { kind } = entry.event;
      most.set(kind, Math.max(most.get(kind) ?? 0, fresh.take()));
    }
    for (const [kind, writes] of most) {
      const atMost = AT_MOST[kind as TreasuryEvent['kind']] ?? 0;
      expect({ kind, isFew: writes <= atMost, writes }).toEqual({ kind, isFew: true, writes });
    }
    expect(most.size).toBe(9);
  });

  it('are two for a transfer that is sent in the message that planned it: row and note', () => {
    const world = new EscrowWorld().start();
    world.runUntil(START + 3n * DAY);
    const sent = world.journal.filter((entry) => entry.event.kind === 'transfer-sent');
    expect(sent.length).toBeGreaterThan(1);
    const due = world.rows.transfers.map((one) => one.dueAt);
    expect(new Set(due)).toEqual(new Set([undefined]));
  });
});
