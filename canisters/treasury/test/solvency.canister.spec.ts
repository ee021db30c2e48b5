import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import * as fees from '@decent-cloud/domain/fees.ts';
import { accountOf, type Account } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { ledgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import type { Solvency } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import * as fixture from './support/treasury-world.ts';
import { escrowOf, okOf, treasuryWorld, type TreasuryWorld } from './support/treasury-world.ts';

const { AMOUNT, CONTROLLER, DAY_NS, FEE, HOUR_NS, LEDGER, OTHER_LEDGER } = fixture;
const { PAYER, PROVIDER, STRANGER } = fixture;
const ANONYMOUS = Principal.anonymous();
const MAX_SOLVENCY_INSTRUCTIONS = 5_000_000n;
const SECOND_NS = 1_000_000_000n;

function solvencyOf({ as }: TreasuryWorld, ledger = LEDGER): Solvency {
  return okOf(as(ANONYMOUS).solvency(ledger));
}

function accountOfEscrow(treasury: TreasuryWorld, id: bigint): Account {
  const { owner, subaccount } = escrowOf(treasury, id).account;
  return accountOf(owner, Uint8Array.from(subaccount[0] ?? []));
}

/** The platform's account: the receiver of the escrow's last payout. */
function platformOf({ as }: TreasuryWorld, id: bigint): Account {
  const page = { from: [] as [], limit: 1, newest_first: true };
  const [row] = okOf(as(STRANGER).list_escrow_transfers(id, page)).rows;
  if (row === undefined) throw new Error('the escrow has no transfers');
  expect(row.value.purpose).toMatchObject({ Payout: { party: { Platform: null } } });
  const { owner, subaccount } = row.value.to;
  return accountOf(owner, Uint8Array.from(subaccount[0] ?? []));
}

/** What the treasury's accounts really hold. */
function reallyHeld(treasury: TreasuryWorld, accounts: readonly Account[]): bigint {
  return accounts.reduce((sum, account) => sum + treasury.ledger.balanceOf(account), 0n);
}

/** What only the treasury itself could do: sends an escrow's tokens away behind its back. */
function steal(treasury: TreasuryWorld, id: bigint, amount: bigint): void {
  const { owner, subaccount } = accountOfEscrow(treasury, id);
  const order = { to: accountOf(STRANGER), amount, ...(subaccount && { subaccount }) };
  const answer = treasury.ledger.transfer(owner, order);
  expect(answer).toHaveProperty('Ok');
}

/** Days, a day at a time and an hour more: what is due in between is done once a day. */
function pass({ world }: TreasuryWorld, days: number): void {
  for (let day = 0; day < days; day += 1) world.advance(DAY_NS);
  world.advance(HOUR_NS);
}

function page({ world, treasuryId }: TreasuryWorld, url: string): string {
  const Request = IDL.Record({
    url: IDL.Text,
    method: IDL.Text,
    body: IDL.Vec(IDL.Nat8),
    headers: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
    certificate_version: IDL.Opt(IDL.Nat16),
  });
  const request = { url, method: 'GET', body: [], headers: [], certificate_version: [] };
  const answer = world.caller(ANONYMOUS).query({
    canisterId: treasuryId,
    method: 'http_request',
    argTypes: [Request],
    args: [request],
    replyTypes: [IDL.Record({ body: IDL.Vec(IDL.Nat8) })],
  }) as { readonly body: Uint8Array };
  return Buffer.from(answer.body).toString();
}

const health = (treasury: TreasuryWorld): unknown => JSON.parse(page(treasury, '/healthz'));

describe('solvency', () => {
  it('adds up and is what the ledger holds, at every step of a life', () => {
    const treasury = treasuryWorld();
    const { world } = treasury;
    expect(solvencyOf(treasury)).toMatchObject({ ledger_balance: 0n, difference: 0n });
    const id = fixture.runningEscrow(treasury);
    const account = accountOfEscrow(treasury, id);
    const expectSolvent = (accounts: readonly Account[]) => {
      const now = solvencyOf(treasury);
      expect(now).toMatchObject({ difference: 0n, shortfall: 0n, surplus: 0n, parked_count: 0n });
      expect(now.ledger_balance).toBe(reallyHeld(treasury, accounts));
      expect(now.escrow + now.owed + now.fees).toBe(now.ledger_balance);
    };
    expectSolvent([account]);
    for (let day = 0; day < 9; day += 1) {
      world.advance(DAY_NS);
      expectSolvent([account]);
    }
    expect(solvencyOf(treasury).open_escrow_count).toBe(1n);
    fixture.report(treasury, id, 2n, {
      Ended: { at_ns: world.timeNs, cause: { ProviderCancelled: null } },
    });
    expect(solvencyOf(treasury).owed).toBeGreaterThan(0n);
    pass(treasury, 3);
    expect(escrowOf(treasury, id).phase).toHaveProperty('Closed');
    const platform = platformOf(treasury, id);
    expectSolvent([account, platform]);
    const { open_escrow_count, fees: platformFees } = solvencyOf(treasury);
    expect(open_escrow_count).toBe(0n);
    const to = { owner: STRANGER, subaccount: [] as [] };
    okOf(treasury.as(CONTROLLER).withdraw_fees({ ledger: LEDGER, to, amount: [] }));
    expect(solvencyOf(treasury).fees).toBeLessThan(platformFees);
    expectSolvent([account, platform]);
  });

  it('is about one token, and refuses an unknown one', () => {
    const treasury = treasuryWorld();
    fixture.paidEscrow(treasury);
    expect(solvencyOf(treasury, OTHER_LEDGER)).toMatchObject({ symbol: 'ckUSDT', escrow: 0n });
    const refused = treasury.as(ANONYMOUS).solvency(fixture.NO_LEDGER);
    expect(refused).toMatchObject({ Err: { kind: { RequestError: [{ UnknownToken: null }] } } });
  });

  it('shows a donation as surplus after the audit, and nothing else changes', () => {
    const treasury = treasuryWorld();
    const { ledger, world } = treasury;
    const id = fixture.runningEscrow(treasury);
    ledger.mint({ to: accountOfEscrow(treasury, id), amount: 777n });
    expect(solvencyOf(treasury)).toMatchObject({ surplus: 0n, escrows_audited_at_ns: [] });
    pass(treasury, 1);
    const { surplus, difference, ledger_balance, escrows_audited_at_ns } = solvencyOf(treasury);
    expect({ surplus, difference, ledger_balance }).toEqual({
      ...{ surplus: 777n, difference: 0n, ledger_balance: AMOUNT + 777n },
    });
    expect(escrows_audited_at_ns[0]).toBeGreaterThan(world.timeNs - 2n * HOUR_NS);
    expect(health(treasury)).toMatchObject({ status: 'ok' });
    pass(treasury, 32);
    expect(escrowOf(treasury, id)).toMatchObject({ surplus: 777n, phase: { Closed: {} } });
    expect(fixture.heldOnLedger(treasury, id)).toBeGreaterThanOrEqual(777n);
    expect(solvencyOf(treasury)).toMatchObject({ surplus: 777n, difference: 0n });
    fixture.expectSound(treasury, id);
  });

  it("compares the platform's account as well", () => {
    const treasury = treasuryWorld();
    const { ledger } = treasury;
    const id = fixture.runningEscrow(treasury);
    pass(treasury, 34);
    ledger.mint({ to: platformOf(treasury, id), amount: 42n });
    const before = solvencyOf(treasury);
    expect(before.platform_audited_at_ns[0]).toBeGreaterThan(0n);
    pass(treasury, 1);
    expect(solvencyOf(treasury)).toMatchObject({ surplus: 42n, difference: 0n });
    expect(solvencyOf(treasury).fees).toBe(before.fees);
  });

  it('shows what is missing, and the health page says degraded', () => {
    const treasury = treasuryWorld();
    const { as, ledger } = treasury;
    const id = fixture.runningEscrow(treasury);
    expect(health(treasury)).toMatchObject({ status: 'ok' });
    steal(treasury, id, 5_000n);
    pass(treasury, 1);
    const missing = 5_000n + FEE;
    expect(solvencyOf(treasury)).toMatchObject({
      shortfall: missing,
      difference: -missing,
      ledger_balance: AMOUNT - missing,
    });
    expect(health(treasury)).toMatchObject({
      status: 'degraded',
      troubles: ['ckUSDC: the ledger holds less than is owed'],
    });
    const metrics = page(treasury, '/metrics');
    expect(metrics).toContain(`\ndc_treasury_shortfall{token="ckUSDC"} ${missing}\n`);
    expect(metrics).toContain(`\ndc_treasury_difference{token="ckUSDC"} -${missing}\n`);
    expect(okOf(as(STRANGER).check_escrow(id)).troubles).not.toEqual([]);

    ledger.mint({ to: accountOfEscrow(treasury, id), amount: missing });
    okOf(as(STRANGER).verify_escrow(id));
    expect(solvencyOf(treasury)).toMatchObject({ shortfall: 0n, difference: 0n, surplus: 0n });
    expect(health(treasury)).toMatchObject({ status: 'ok' });
    fixture.expectSound(treasury, id);
  });

  it('says degraded while a transfer is parked', () => {
    const treasury = treasuryWorld();
    const id = fixture.runningEscrow(treasury);
    pass(treasury, 2);
    steal(treasury, id, fixture.heldOnLedger(treasury, id) - FEE);
    pass(treasury, 1);
    expect(solvencyOf(treasury).parked_count).toBe(1n);
    expect(health(treasury)).toMatchObject({
      status: 'degraded',
      troubles: ['ckUSDC: transfers are parked: 1'],
    });
    expect(escrowOf(treasury, id).live_transfer).toHaveLength(1);
    expect(solvencyOf(treasury).difference).toBe(0n);
  });

  it('costs less than 5 million instructions, with a full hour of payments as well', () => {
    const treasury = treasuryWorld();
    for (let minute = 0n; minute < 60n; minute += 1n) {
      fixture.paidEscrow(treasury, { rental_id: minute, total_usd_e8: 100_000_000n });
      treasury.world.advance(fixture.MINUTE_NS);
    }
    const { instructions, result } = treasury.world.measure(() => solvencyOf(treasury));
    expect(result).toMatchObject({ difference: 0n });
    expect(instructions).toBeGreaterThan(0n);
    expect(instructions).toBeLessThanOrEqual(MAX_SOLVENCY_INSTRUCTIONS);
  });
});

describe('metrics', () => {
  it('tell how long the oldest transfer and the queues have waited', () => {
    const treasury = treasuryWorld();
    const { ledger } = treasury;
    fixture.runningEscrow(treasury);
    expect(page(treasury, '/metrics')).toContain('\ndc_treasury_oldest_transfer_seconds 0\n');
    pass(treasury, 2);
    const unavailable = { fault: { kind: 'temporarily-unavailable' }, probability: 1 } as const;
    ledger.faults.random({ seed: 1, probabilities: [unavailable], methods: ['icrc1_transfer'] });
    pass(treasury, 1);
    const metrics = page(treasury, '/metrics');
    const age = /\ndc_treasury_oldest_transfer_seconds (\d+)\n/.exec(metrics)?.[1];
    expect(Number(age)).toBeGreaterThanOrEqual(3_600);
    for (const name of ['due_escrows', 'due_transfers', 'due_audits']) {
      expect(metrics).toMatch(new RegExp(`\\ndc_treasury_${name} \\d+\\n`));
    }
    expect(metrics).toContain('\ndc_treasury_difference{token="ckUSDC"} 0\n');
  });
});

describe('audits', () => {
  it('look again a day later where the ledger does not answer, and let others have theirs', () => {
    const treasury = treasuryWorld();
    const { ledger, world } = treasury;
    const ids = [1n, 2n].map((rental_id) => fixture.runningEscrow(treasury, { rental_id }));
    // The platform's account has its first audit before any escrow has.
    world.advance(HOUR_NS);
    ledger.faults.next('icrc1_balance_of', { kind: 'reject-before', code: 2 });
    world.advance(23n * HOUR_NS);
    const audited = () => ids.map((id) => escrowOf(treasury, id).audited_at_ns.length);
    expect(audited().sort()).toEqual([0, 1]);
    pass(treasury, 1);
    expect(audited()).toEqual([1, 1]);
  });

  it('stay within their bound on a ledger that never answers, and other ledgers have theirs', () => {
    const treasury = treasuryWorld();
    const { as, ledger } = treasury;
    const count = 18n;
    for (let rental_id = 1n; rental_id <= count; rental_id += 1n) {
      fixture.runningEscrow(treasury, { rental_id, total_usd_e8: 100_000_000n });
    }
    const elsewhere = { ...treasury, ledger: ledgerClient(treasury.world, OTHER_LEDGER) };
    const other = fixture.runningEscrow(elsewhere, { rental_id: 99n, ledger: OTHER_LEDGER });
    const hang = { fault: { kind: 'never-reply', executes: 'never' }, probability: 1 } as const;
    ledger.faults.random({ seed: 1, probabilities: [hang], methods: ['icrc1_balance_of'] });
    pass(treasury, 1);
    expect(ledger.faults.counters.faults.get('never-reply')).toBe(15);
    expect(escrowOf(treasury, other).audited_at_ns).toHaveLength(1);
    expect(okOf(as(STRANGER).check_invariants(0n, 100)).troubles).toEqual([]);
    ledger.faults.clear();
    ledger.faults.release();
    treasury.world.runUntilIdle();
    pass(treasury, 1);
    for (let id = 0n; id < count; id += 1n) {
      expect(escrowOf(treasury, id).audited_at_ns).toHaveLength(1);
    }
  });
});

describe('verify_escrow', () => {
  it('reads the real balance for anybody who is signed in, and keeps what is news', () => {
    const treasury = treasuryWorld();
    const { as, ledger, world } = treasury;
    const id = fixture.runningEscrow(treasury);
    const [other] = [as(STRANGER)];
    const proof = { escrow_id: id, books: AMOUNT, on_ledger: AMOUNT, difference: 0n };
    expect(okOf(other.verify_escrow(id))).toMatchObject({ ...proof, is_at_rest: true });
    const events = () => {
      const page = { from: [] as [], limit: 1, newest_first: true };
      return okOf(other.list_events(page)).rows[0]?.seq;
    };
    const before = events();
    okOf(other.verify_escrow(id));
    expect(events()).toBe(before);
    ledger.mint({ to: accountOfEscrow(treasury, id), amount: 3n });
    const donated = { on_ledger: AMOUNT + 3n, difference: 3n };
    expect(okOf(other.verify_escrow(id))).toMatchObject(donated);
    expect(solvencyOf(treasury).surplus).toBe(3n);
    expect(okOf(other.verify_escrow(id)).read_at_ns).toBe(world.timeNs);
    fixture.expectSound(treasury, id);
  });

  it('refuses nobody, an unknown escrow, a second one at once, and tells a dead ledger', () => {
    const treasury = treasuryWorld();
    const { as, ledger, world, treasuryId } = treasury;
    const id = fixture.paidEscrow(treasury);
    expect(as(ANONYMOUS).verify_escrow(id)).toMatchObject({
      Err: { kind: { RequestError: [{ NotAuthenticated: null }] } },
    });
    expect(as(STRANGER).verify_escrow(99n)).toMatchObject({
      Err: { kind: { RequestError: [{ NotFound: null }] } },
    });
    ledger.faults.next('icrc1_balance_of', { kind: 'never-reply', executes: 'never' });
    const call = {
      canisterId: treasuryId,
      method: 'verify_escrow',
      argTypes: [IDL.Nat64],
      args: [id],
      replyTypes: [IDL.Reserved],
    };
    const first = world.caller(PAYER).submit(call);
    world.runUntilIdle();
    expect(first.response()).toBeUndefined();
    expect(as(PROVIDER).verify_escrow(id)).toMatchObject({
      Err: { kind: { TemporaryError: [{ Busy: null }] } },
    });
    ledger.faults.release();
    world.runUntilIdle();
    expect(first.response()).toMatchObject({ kind: 'reply' });
    ledger.faults.next('icrc1_balance_of', { kind: 'reject-before', code: 2 });
    expect(as(PROVIDER).verify_escrow(id)).toMatchObject({
      Err: { kind: { TemporaryError: [{ LedgerUnavailable: null }] } },
    });
    expect(okOf(as(PROVIDER).verify_escrow(id)).difference).toBe(0n);
    world.advance(SECOND_NS);
  });
});

describe('fee_schedule', () => {
  it('is what the code works with', () => {
    expect(treasuryWorld().as(ANONYMOUS).fee_schedule()).toEqual({
      platform_fee_bps: fees.PLATFORM_FEE_BPS,
      max_author_fee_bps: fees.MAX_AUTHOR_FEE_BPS,
      max_total_fee_bps: fees.MAX_TOTAL_FEE_BPS,
      min_release_in_ledger_fees: fees.MIN_RELEASE_IN_LEDGER_FEES,
      quote_life_minutes: fees.QUOTE_LIFE_MINUTES,
      price_collar_bps: fees.PRICE_COLLAR_BPS,
      release_every_hours: fees.RELEASE_EVERY_HOURS,
      hold_back_hours: fees.HOLD_BACK_HOURS,
      facts_grace_hours: fees.FACTS_GRACE_HOURS,
      dispute_days: fees.DISPUTE_DAYS,
      payout_account_delay_hours: fees.PAYOUT_ACCOUNT_DELAY_HOURS,
      max_payout_pause_days: fees.MAX_PAYOUT_PAUSE_DAYS,
    });
  });
});
