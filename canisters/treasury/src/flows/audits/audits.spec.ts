import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { FakeMemories } from '@decent-cloud/kit/testing/memories.fake.ts';
import { FakeRuntime, FakeTimers } from '@decent-cloud/kit/testing/runtime.fake.ts';
import { escrowAccount, platformAccount } from '../../core/accounts.ts';
import { NO_CREDITS } from '../../core/escrow/party-book.ts';
import type { TreasuryEvent } from '../../core/events.ts';
import type { EscrowId, TransferId } from '../../core/ids.ts';
import { openStorage } from '../../storage/treasury-storage.ts';
import { quoteOf } from '../../testing/quote.fake.ts';
import { PriceClient } from '../price-client.ts';
import { recordEvent } from '../record-event.flow.ts';
import { solvency } from '../solvency.ts';
import { transferMemory } from '../transfers/transfer-canister.ts';
import type { TreasuryCanister } from '../treasury-canister.ts';
import { auditEscrow } from './audit-escrow.flow.ts';
import { auditPlatform } from './audit-platform.flow.ts';
import { OpenReads } from './open-reads.ts';
import { AUDIT_LIMITS, tickAudits } from './tick-audits.flow.ts';
import { VERIFY_LIMITS, verifyEscrow } from './verify-escrow.flow.ts';

const ledger = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2, 1, 1));
const somebody = Principal.fromUint8Array(Uint8Array.of(3));
const DAY = durationNs({ days: 1 });
const FEE = 10_000n as TokenUnits;
const AMOUNT = 100_000_000n;
const units = (amount: bigint) => amount as TokenUnits;
const ID = 0 as EscrowId;

interface World extends TreasuryCanister {
  readonly runtime: FakeRuntime;
  readonly timers: FakeTimers;
  readonly record: (event: TreasuryEvent) => void;
  /** The ledger's answer to the next balance; `meanwhile` happens before it. */
  readonly answer: (balance: bigint, meanwhile?: () => void) => void;
}

/** A treasury with one paid escrow whose audit is due. */
function paidWorld(): World {
  const runtime = new FakeRuntime();
  const storage = openStorage(new FakeMemories().open);
  const prices = new PriceClient(runtime);
  const record = (event: TreasuryEvent) => {
    recordEvent(storage, { at: runtime.now, event });
  };
  const answer = (balance: bigint, meanwhile?: () => void) => {
    runtime.answerCall = ({ method }) => {
      expect(method).toBe('icrc1_balance_of');
      meanwhile?.();
      return Promise.resolve(ok(new Uint8Array(IDL.encode([IDL.Nat], [balance]))));
    };
  };
  const token = { symbol: 'TEST', decimals: 8, fee: FEE, minPayout: units(1n) };
  const config = { ...token, ledger, hasIcrc3Blocks: true, isEnabled: true };
  record({ kind: 'token-configured', by: somebody, config });
  const quote = quoteOf({ id: storage.ids.escrows.next(), ledger, now: runtime.now });
  record({ kind: 'quoted', quote });
  const self = runtime.selfId;
  const transferId = storage.ids.transfers.next();
  record({
    ...{ kind: 'deposit-planned', transferId, escrowId: ID, amount: quote.amount, fee: FEE },
    from: { owner: quote.terms.payer, subaccount: undefined },
    to: escrowAccount(self, ID),
    ...{ scanFrom: 0n, exposureUsdE8: quote.terms.totalUsdE8 },
  });
  const world: World = {
    ...{ runtime, storage, prices, record, answer, timers: new FakeTimers() },
    ...{ memory: transferMemory(), priceHint: () => undefined },
    audits: new OpenReads(AUDIT_LIMITS),
    verifications: new OpenReads(VERIFY_LIMITS),
  };
  pay(world, transferId, quote.amount);
  runtime.now = after(runtime.now, DAY);
  runtime.callerNow = somebody;
  return world;
}

function pay({ record, runtime }: World, transferId: TransferId, amount: TokenUnits): void {
  const memo = new Uint8Array(32);
  const args = { generation: 1, createdAt: runtime.now, memo, amount, fee: FEE };
  record({ kind: 'transfer-sent', transferId, args });
  record({ kind: 'transfer-paid', transferId, block: 1n, how: 'reply', usdE8: undefined });
}

/** Plans a payout of what the party was credited. */
function planPayout({ record, storage, runtime }: World, party: 'provider' | 'platform') {
  const transferId = storage.ids.transfers.next();
  const from = escrowAccount(runtime.selfId, ID);
  const to =
    party === 'platform'
      ? platformAccount(runtime.selfId)
      : { owner: somebody, subaccount: undefined };
  const amounts = { amount: units(1_000_000n - FEE), fee: FEE, feeFromPayee: FEE };
  const purpose = { kind: 'payout', escrowId: ID, party } as const;
  record({
    kind: 'transfer-planned',
    transferId,
    purpose,
    ledger,
    from,
    to,
    ...amounts,
    scanFrom: 0n,
  });
  return { transferId, amount: amounts.amount };
}

function endWithCredits({ record, runtime }: World): void {
  const credits = {
    ...NO_CREDITS,
    platform: units(1_000_000n),
    provider: units(AMOUNT - 1_000_000n),
  };
  const end = { endAt: runtime.now, cause: 'not-provisioned', seq: undefined } as const;
  record({ kind: 'ended', escrowId: ID, ...end, credits });
}

const bookOf = ({ storage }: World) => {
  const found = solvency({ storage }, ledger);
  if (found.kind === 'err') throw new Error(found.error.message);
  return found.value;
};
const escrowRow = ({ storage }: World) => storage.escrows.get(ID);

describe('auditEscrow', () => {
  it.each([
    { balance: AMOUNT, surplus: 0n, shown: { surplus: 0n, shortfall: 0n } },
    { balance: AMOUNT + 5n, surplus: 5n, shown: { surplus: 5n, shortfall: 0n } },
    { balance: AMOUNT - 5n, surplus: -5n, shown: { surplus: 0n, shortfall: 5n } },
  ])('records $surplus above the books', async ({ balance, surplus, shown }) => {
    const world = paidWorld();
    world.answer(balance);
    await auditEscrow(world, ID);
    expect(escrowRow(world)).toMatchObject({
      ...{ surplus, auditedAt: world.runtime.now, auditDueAt: after(world.runtime.now, DAY) },
    });
    const shortfall = shown.shortfall;
    expect(bookOf(world)).toMatchObject({
      ...{ ...shown, difference: -shortfall, escrowsAuditedAt: world.runtime.now },
    });
  });

  it('says nothing about an account that moved while the ledger was asked', async () => {
    const world = paidWorld();
    endWithCredits(world);
    world.answer(AMOUNT, () => {
      const { transferId, amount } = planPayout(world, 'provider');
      pay(world, transferId, amount);
    });
    await auditEscrow(world, ID);
    expect(escrowRow(world)).toMatchObject({
      ...{ surplus: 0n, auditedAt: undefined, auditDueAt: after(world.runtime.now, DAY) },
    });
  });

  it('does not ask while a transfer is under way, and looks again a day later', async () => {
    const world = paidWorld();
    endWithCredits(world);
    planPayout(world, 'provider');
    await auditEscrow(world, ID);
    expect(escrowRow(world)).toMatchObject({
      ...{ auditedAt: undefined, auditDueAt: after(world.runtime.now, DAY) },
    });
  });

  it('does nothing before its time', async () => {
    const world = paidWorld();
    world.answer(AMOUNT);
    await auditEscrow(world, ID);
    const events = world.storage.journal.length();
    world.runtime.answerCall = undefined;
    await auditEscrow(world, ID);
    expect(world.storage.journal.length()).toBe(events);
  });
});

describe('auditPlatform', () => {
  it("compares what was collected with the platform's account", async () => {
    const world = paidWorld();
    endWithCredits(world);
    const { transferId, amount } = planPayout(world, 'platform');
    pay(world, transferId, amount);
    world.answer(amount + 7n);
    await auditPlatform(world, ledger);
    expect(bookOf(world)).toMatchObject({
      ...{ surplus: 7n, difference: 0n, platformAuditedAt: world.runtime.now },
    });
  });

  it('waits while a payout to it is under way, and forgets what came in between', async () => {
    const world = paidWorld();
    endWithCredits(world);
    const { transferId, amount } = planPayout(world, 'platform');
    await auditPlatform(world, ledger);
    expect(bookOf(world).platformAuditedAt).toBeUndefined();
    pay(world, transferId, amount);
    expect(world.storage.books.get(ledger)?.livePlatformPayouts).toBe(0);
    world.runtime.answerCall = () =>
      Promise.resolve(err({ kind: 'not-sent', reason: 'no cycles' }));
    await auditPlatform(world, ledger);
    expect(bookOf(world).platformAuditedAt).toBeUndefined();
  });

  it('does not take a payout that arrives meanwhile for a donation', async () => {
    const world = paidWorld();
    endWithCredits(world);
    const arrived = 1_000_000n - FEE;
    world.answer(arrived, () => {
      planPayout(world, 'platform');
    });
    await auditPlatform(world, ledger);
    expect(bookOf(world)).toMatchObject({ surplus: 0n, platformAuditedAt: undefined });
  });
});

describe('tickAudits', () => {
  it('starts each due audit once, in a message of its own', async () => {
    const world = paidWorld();
    world.answer(AMOUNT);
    tickAudits(world);
    tickAudits(world);
    expect(world.timers.delays).toHaveLength(4);
    while (await world.timers.fireNext());
    expect(escrowRow(world)?.auditedAt).toBe(world.runtime.now);
    expect(world.storage.journal.length()).toBe(7);
    tickAudits(world);
    expect(world.timers.delays).toEqual([]);
  });
});

describe('verifyEscrow', () => {
  it('answers one at a time for an escrow, and keeps what is news', async () => {
    const world = paidWorld();
    world.answer(AMOUNT + 1n);
    const [first, second] = await Promise.all([verifyEscrow(world, ID), verifyEscrow(world, ID)]);
    expect(first).toMatchObject({ value: { difference: 1n, isAtRest: true } });
    expect(second).toMatchObject({ error: { kind: 'temporary', leaf: { kind: 'busy' } } });
    const events = world.storage.journal.length();
    expect(await verifyEscrow(world, ID)).toMatchObject({ value: { difference: 1n } });
    expect(world.storage.journal.length()).toBe(events);
    expect(escrowRow(world)?.surplus).toBe(1n);
  });

  it('says when a transfer is under way, and records nothing then', async () => {
    const world = paidWorld();
    endWithCredits(world);
    planPayout(world, 'provider');
    const events = world.storage.journal.length();
    world.answer(1n);
    const proof = await verifyEscrow(world, ID);
    expect(proof).toMatchObject({ value: { isAtRest: false, onLedger: 1n } });
    expect(world.storage.journal.length()).toBe(events);
  });
});
