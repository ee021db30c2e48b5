import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import type {
  Payout,
  StatementPart,
} from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { parseCsv } from '@decent-cloud/domain/testing/parse-csv.fake.ts';
import * as fixture from './support/treasury-world.ts';
import { escrowOf, okOf, treasuryWorld, type TreasuryWorld } from './support/treasury-world.ts';

const { AUTHOR, DAY_NS, FEE, HOUR_NS, LEDGER, PAYER, PROVIDER, STRANGER } = fixture;
const ANONYMOUS = Principal.anonymous();
const COLD = userPrincipal('cold wallet');
const cold = { owner: COLD, subaccount: [new Uint8Array(32).fill(5)] as [Uint8Array] };
const COLD_ACCOUNT = accountOf(COLD, new Uint8Array(32).fill(5));
const newest = { from: [] as [], limit: 50, newest_first: true };
const oldest = { ...newest, newest_first: false };
const EVER = 2n ** 64n - 1n;
const Csv = { Csv: null };

function days({ world }: TreasuryWorld, count: number): void {
  for (let day = 0; day < count; day += 1) world.advance(DAY_NS);
}

/** An escrow that is over: nine days used, the rest refunded, everything paid. */
function closedEscrow(treasury: TreasuryWorld, rental_id = 7n): bigint {
  const id = fixture.runningEscrow(treasury, { rental_id });
  days(treasury, 9);
  fixture.report(treasury, id, 2n, {
    Ended: { at_ns: treasury.world.timeNs, cause: { RenterCancelled: null } },
  });
  days(treasury, 3);
  expect(escrowOf(treasury, id).phase).toHaveProperty('Closed');
  return id;
}

function payoutsOf({ as }: TreasuryWorld, who: Principal): readonly Payout[] {
  return okOf(as(who).my_payouts(oldest)).rows.map(({ value }) => value);
}

/** A statement's CSV as objects, read by a parser of its own. */
function readCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [header, ...records] = parseCsv(text);
  if (header === undefined) throw new Error('there is no header');
  return records.map((record) => {
    expect(record).toHaveLength(header.length);
    return Object.fromEntries(record.map((cell, at) => [header[at] ?? '', cell]));
  });
}

const unitsOf = (text = '') => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
};

describe('my_payee', () => {
  it('tells account, schedule and minimums, in words and in numbers', () => {
    const { as } = treasuryWorld();
    const payee = okOf(as(PROVIDER).my_payee());
    expect(payee).toMatchObject({ pending: [], paused_until_ns: [], notices: [] });
    expect(payee.account_text).toBe(PROVIDER.toText());
    const { schedule } = payee;
    expect(schedule).toMatchObject({ release_every_hours: 24, hold_back_hours: 48 });
    // Twenty fees of 0.01 are more than the configured minimum of 0.1.
    expect(schedule.minimums[0]).toMatchObject({ amount: 20n * FEE, text: '0.2 ckUSDC' });
    expect(schedule.text).toContain('every 24 hours');
    expect(as(ANONYMOUS).my_payee()).toMatchObject({
      Err: { kind: { RequestError: [{ NotAuthenticated: null }] } },
    });
  });
});

describe('set_payout_account', () => {
  it('is noticed at once, used after 48 hours, and survives an upgrade', () => {
    const treasury = treasuryWorld();
    const { as, ledger, world, treasuryId } = treasury;
    const id = fixture.runningEscrow(treasury);
    days(treasury, 3);
    const asked = okOf(as(PROVIDER).set_payout_account(cold));
    expect(asked.pending[0]?.effective_at_ns).toBe(world.timeNs + 48n * HOUR_NS);
    expect(asked.notices[0]).toContain(asked.pending[0]?.account_text);
    expect(asked.account.owner.toText()).toBe(PROVIDER.toText());
    const before = ledger.balanceOf(accountOf(PROVIDER));
    days(treasury, 1);
    expect(world.upgrade({ canisterId: treasuryId, wasm: fixture.wasm })).toEqual({ kind: 'ok' });
    world.runUntilIdle();
    expect(okOf(as(PROVIDER).my_payee()).notices).toEqual(asked.notices);
    expect(ledger.balanceOf(accountOf(PROVIDER))).toBeGreaterThan(before);
    expect(ledger.balanceOf(COLD_ACCOUNT)).toBe(0n);
    world.advance(DAY_NS + HOUR_NS);
    const paidBefore = ledger.balanceOf(accountOf(PROVIDER));
    days(treasury, 1);
    expect(okOf(as(PROVIDER).my_payee())).toMatchObject({ pending: [], notices: [] });
    expect(ledger.balanceOf(accountOf(PROVIDER))).toBe(paidBefore);
    expect(ledger.balanceOf(COLD_ACCOUNT)).toBeGreaterThan(0n);
    const last = payoutsOf(treasury, PROVIDER).at(-1);
    expect(last?.to.owner.toText()).toBe(COLD.toText());
    fixture.expectSound(treasury, id);
  });

  it('is taken back until it takes effect, by nobody else and not after', () => {
    const treasury = treasuryWorld();
    const { as } = treasury;
    okOf(as(PROVIDER).set_payout_account(cold));
    const nothing = { Err: { kind: { RequestError: [{ NotFound: null }] } } };
    expect(as(STRANGER).cancel_payout_account_change()).toMatchObject(nothing);
    expect(okOf(as(PROVIDER).cancel_payout_account_change())).toMatchObject({
      pending: [],
      notices: [],
    });
    expect(as(PROVIDER).cancel_payout_account_change()).toMatchObject(nothing);
    okOf(as(PROVIDER).set_payout_account(cold));
    days(treasury, 2);
    expect(as(PROVIDER).cancel_payout_account_change()).toMatchObject(nothing);
    expect(okOf(as(PROVIDER).my_payee()).account.owner.toText()).toBe(COLD.toText());
  });

  it('refuses accounts that nobody could use', () => {
    const { as, treasuryId } = treasuryWorld();
    const none = [] as [];
    const wrong = [
      { owner: ANONYMOUS, subaccount: none },
      { owner: treasuryId, subaccount: none },
      { owner: Principal.managementCanister(), subaccount: none },
      { owner: COLD, subaccount: [new Uint8Array(31)] as [Uint8Array] },
    ];
    for (const account of wrong) {
      expect(as(PROVIDER).set_payout_account(account)).toMatchObject({
        Err: { kind: { RequestError: [{ InvalidArgument: { argument: 'account' } }] } },
      });
    }
    expect(as(ANONYMOUS).set_payout_account(cold)).toMatchObject({
      Err: { kind: { RequestError: [{ NotAuthenticated: null }] } },
    });
    expect(okOf(as(PROVIDER).my_payee()).pending).toEqual([]);
  });
});

describe('pause_payouts', () => {
  it('lets earnings wait, not refunds, until it ends or is resumed', () => {
    const treasury = treasuryWorld();
    const { as, ledger, world } = treasury;
    const id = fixture.runningEscrow(treasury);
    const until = world.timeNs + 30n * DAY_NS;
    expect(okOf(as(PROVIDER).pause_payouts(until))).toMatchObject({ paused_until_ns: [until] });
    expect(okOf(as(PROVIDER).my_payee()).notices[0]).toContain('wait until');
    days(treasury, 9);
    expect(payoutsOf(treasury, PROVIDER)).toEqual([]);
    expect(payoutsOf(treasury, AUTHOR)).not.toEqual([]);
    const before = ledger.balanceOf(accountOf(PAYER));
    okOf(as(PAYER).pause_payouts(until));
    fixture.report(treasury, id, 2n, {
      Ended: { at_ns: world.timeNs, cause: { RenterCancelled: null } },
    });
    days(treasury, 3);
    expect(ledger.balanceOf(accountOf(PAYER))).toBeGreaterThan(before);
    expect(payoutsOf(treasury, PROVIDER)).toEqual([]);
    expect(escrowOf(treasury, id).books.provider.open).toBeGreaterThan(0n);
    okOf(as(PROVIDER).resume_payouts());
    days(treasury, 1);
    expect(payoutsOf(treasury, PROVIDER)).toMatchObject([{ state: { Paid: null } }]);
    expect(escrowOf(treasury, id).phase).toHaveProperty('Closed');
    fixture.expectSound(treasury, id);
  });

  it('lasts at most 90 days, begins in the present, and ends once', () => {
    const { as, world } = treasuryWorld();
    for (const until of [world.timeNs, world.timeNs + 90n * DAY_NS + 1n, EVER]) {
      expect(as(PROVIDER).pause_payouts(until)).toMatchObject({
        Err: { kind: { RequestError: [{ InvalidArgument: { argument: 'until' } }] } },
      });
    }
    okOf(as(PROVIDER).pause_payouts(world.timeNs + 90n * DAY_NS));
    okOf(as(PROVIDER).resume_payouts());
    expect(as(PROVIDER).resume_payouts()).toMatchObject({
      Err: { kind: { RequestError: [{ NotFound: null }] } },
    });
  });
});

describe('my_payouts', () => {
  it('shows each receiver their own transfers, newest first, as the ledger has them', () => {
    const treasury = treasuryWorld();
    const { as, ledger } = treasury;
    const id = closedEscrow(treasury);
    const blocks = ledger.blocks();
    const { provider, author, payer } = escrowOf(treasury, id).books;
    for (const [who, party, book] of [
      [PROVIDER, { Provider: null }, provider],
      [AUTHOR, { Author: null }, author],
      [PAYER, { Payer: null }, payer],
    ] as const) {
      const rows = payoutsOf(treasury, who);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.reduce((sum, { amount }) => sum + amount, 0n)).toBe(book.paid);
      expect(rows.reduce((sum, { fee_borne }) => sum + fee_borne, 0n)).toBe(book.fees);
      for (const { block, amount, memo, ...row } of rows) {
        expect(row).toMatchObject({ party, escrow_id: id, rental_id: 7n, symbol: 'ckUSDC' });
        expect(row.status).toBe(`It is paid in block ${block[0]} of the ledger.`);
        const transaction = { operation: { amount }, memo: memo[0] };
        expect(blocks[Number(block[0])]).toMatchObject({ transaction });
      }
    }
    const ids = okOf(as(PROVIDER).my_payouts(newest)).rows.map(({ value }) => value.transfer_id);
    expect(ids.length).toBeGreaterThan(2);
    expect(ids).toEqual([...ids].sort((a, b) => Number(b - a)));
    expect(payoutsOf(treasury, STRANGER)).toEqual([]);
    expect(as(ANONYMOUS).my_payouts(newest)).toMatchObject({
      Err: { kind: { RequestError: [{ NotAuthenticated: null }] } },
    });
  });

  it('tells the worth in US dollars where a price was known, and nothing where not', () => {
    const treasury = treasuryWorld();
    const { prices, world } = treasury;
    fixture.runningEscrow(treasury);
    days(treasury, 3);
    const [first] = payoutsOf(treasury, PROVIDER);
    // A dollar for a token of six decimals.
    expect(first?.usd_e8).toEqual([(first?.amount ?? 0n) * 100n]);
    prices.isDead = true;
    world.advance(HOUR_NS);
    days(treasury, 1);
    const last = payoutsOf(treasury, PROVIDER).at(-1);
    expect(last).toMatchObject({ state: { Paid: null }, usd_e8: [] });
  });

  it('says in words what a transfer waits for', () => {
    const treasury = treasuryWorld();
    const { ledger } = treasury;
    fixture.runningEscrow(treasury);
    days(treasury, 2);
    ledger.faults.next('icrc1_transfer', { kind: 'lost-reply' });
    ledger.faults.next('icrc1_transfer', { kind: 'temporarily-unavailable' });
    days(treasury, 1);
    const [waiting] = payoutsOf(treasury, PROVIDER);
    expect(waiting).toMatchObject({ state: { BeingLookedUp: null }, block: [], paid_at_ns: [] });
    expect(waiting?.status).toContain('whether it arrived');
    days(treasury, 1);
    expect(payoutsOf(treasury, PROVIDER)[0]).toMatchObject({ state: { Paid: null } });
  });
});

describe('statement', () => {
  it('sums up to the blocks of the ledger, in parts of any size', () => {
    const treasury = treasuryWorld();
    const { as, ledger } = treasury;
    closedEscrow(treasury);
    closedEscrow(treasury, 8n);
    const period = { from_ns: 0n, to_ns: EVER, format: Csv };
    const whole = okOf(as(PROVIDER).statement({ ...period, page: oldest }));
    const lines = readCsv(whole.text);
    expect(BigInt(lines.length)).toBe(whole.lines);
    const blocks = ledger.blocks();
    let onLedger = 0n;
    for (const { block, memo, ledger: ledgerId } of lines) {
      const { transaction } = blocks[Number(block)] ?? {};
      expect(Buffer.from(transaction?.memo ?? []).toString('hex')).toBe(memo);
      expect(ledgerId).toBe(LEDGER.toText());
      onLedger += (transaction?.operation as { readonly amount: bigint }).amount;
    }
    const sum = lines.reduce((total, { amount }) => total + unitsOf(amount), 0n);
    expect(sum).toBe(onLedger);
    expect(sum).toBe(ledger.balanceOf(accountOf(PROVIDER)));
    expect(new Set(lines.map(({ rental }) => rental))).toEqual(new Set(['7', '8']));
    // A token is worth a dollar; blank where no price was known at that time.
    expect(lines.some(({ usd_at_payout }) => usd_at_payout !== '')).toBe(true);
    for (const { amount, planned_at, paid_at, party, token, status, usd_at_payout } of lines) {
      expect({ party, token, status }).toEqual({
        ...{ party: 'provider', token: 'ckUSDC', status: 'paid' },
      });
      expect(planned_at).toMatch(/^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(Date.parse(paid_at ?? '')).toBeGreaterThanOrEqual(Date.parse(planned_at ?? ''));
      expect(['', amount]).toContain(usd_at_payout);
    }

    let text = '';
    let from: [] | [bigint] = [];
    do {
      const page = { from, limit: 3, newest_first: false };
      const part: StatementPart = okOf(as(PROVIDER).statement({ ...period, page }));
      text += part.text;
      from = part.next;
    } while (from.length > 0);
    expect(text).toBe(whole.text);
  });

  it('is about the period that was asked for, in both formats', () => {
    const treasury = treasuryWorld();
    const { as } = treasury;
    closedEscrow(treasury);
    const rows = payoutsOf(treasury, PROVIDER);
    const [, second, third] = rows;
    if (second === undefined || third === undefined) throw new Error('too few payouts');
    const period = { from_ns: second.planned_at_ns, to_ns: third.planned_at_ns };
    const csv = okOf(as(PROVIDER).statement({ ...period, format: Csv, page: oldest }));
    const json = okOf(as(PROVIDER).statement({ ...period, format: { Json: null }, page: oldest }));
    const lines = readCsv(csv.text);
    expect(lines.map(({ transfer }) => transfer)).toEqual([second.transfer_id.toString()]);
    expect(JSON.parse(json.text)).toEqual(lines);
    const after = { from_ns: third.planned_at_ns, to_ns: EVER, format: Csv };
    const rest = okOf(as(PROVIDER).statement({ ...after, page: newest }));
    expect(rest.lines).toBe(BigInt(rows.length - 2));
    expect(readCsv(rest.text)[0]?.['transfer']).toBe(rows.at(-1)?.transfer_id.toString());
    const empty = { from_ns: 1n, to_ns: 2n, format: Csv };
    expect(okOf(as(PROVIDER).statement({ ...empty, page: oldest }))).toMatchObject({
      ...{ lines: 0n, next: [] },
    });
    expect(as(PROVIDER).statement({ ...empty, from_ns: 3n, page: oldest })).toMatchObject({
      Err: { kind: { RequestError: [{ InvalidArgument: { argument: 'from_ns' } }] } },
    });
    const tooLong = { ...oldest, limit: 201 };
    expect(as(PROVIDER).statement({ ...empty, page: tooLong })).toMatchObject({
      Err: { kind: { RequestError: [{ InvalidArgument: { argument: 'limit' } }] } },
    });
    expect(as(ANONYMOUS).statement({ ...empty, page: oldest })).toMatchObject({
      Err: { kind: { RequestError: [{ NotAuthenticated: null }] } },
    });
  });
});
