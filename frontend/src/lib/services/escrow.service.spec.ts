import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { Treasury } from '../api/wire.ts';
import { disputeWords } from './escrow-dispute.service.ts';
import { escrowFacts } from './escrow-facts.service.ts';
import {
  courseOf,
  PHASE_WORDS,
  purposeText,
  refundAt,
  refundOf,
  refundPreview,
  slaTime,
  transferWords,
  vestedAt,
  type Course,
} from './escrow.service.ts';

const DAY_NS = 86_400_000_000_000n;
const MONTH_NS = 30n * DAY_NS;
const START_NS = 1_795_000_000_000_000_000n;
const ALL = 10_000_000_000n;
const NOBODY = Principal.anonymous();
const ACCOUNT: Treasury.Account = { owner: NOBODY, subaccount: [] };
const BOOK: Treasury.PartyBook = { credited: 0n, paid: 0n, fees: 0n, open: 0n };

/** A month for 100 dollars in a token with 8 decimals, as in the treasury's own examples. */
function escrowOf(change: Partial<Treasury.Escrow> = {}): Treasury.Escrow {
  return {
    escrow_id: 11n,
    rental_id: 7n,
    ledger: NOBODY,
    payer: NOBODY,
    provider: NOBODY,
    author: [NOBODY],
    phase: { Running: { started_at_ns: START_NS } },
    account: ACCOUNT,
    amount: ALL,
    deposited: ALL,
    deposit_block: [3n],
    held: ALL,
    vested_now: 0n,
    refund_if_cancelled_now: ALL,
    started_at_ns: [START_NS],
    term_ends_at_ns: [START_NS + MONTH_NS],
    next_release_at_ns: [],
    outage_ns: 0n,
    paused_ns: 0n,
    paused_since_ns: [],
    unproven_ppm: [],
    fact_seq: 1n,
    books: { payer: BOOK, provider: BOOK, author: BOOK, platform: BOOK },
    dispute: [],
    refund_to: [],
    live_transfer: [],
    surplus: 0n,
    audited_at_ns: [],
    payouts_not_before_ns: [],
    due_at_ns: [],
    ...change,
  };
}

function running(change: Partial<Treasury.Escrow> = {}): Course {
  const course = courseOf(escrowOf(change), MONTH_NS);
  if (course === undefined) throw new Error('it does not run');
  return course;
}

const after = (days: bigint): bigint => START_NS + days * DAY_NS;

const FACTS_INPUT = {
  token: { decimals: 8, symbol: 'ckBTC' },
  termNs: MONTH_NS,
  noticeNs: 0n,
  nowNs: after(10n),
};
const valueOf = (escrow: Treasury.Escrow, label: string) =>
  escrowFacts(escrow, FACTS_INPUT).find((row) => row.label === label)?.value;

describe('vestedAt and refundAt', () => {
  it('give the treasury’s own figures: a cancel after ten days of thirty', () => {
    expect(vestedAt(running(), after(10n))).toBe(3_333_333_333n);
    expect(refundAt(running(), { nowNs: after(10n), noticeNs: 0n })).toBe(6_666_666_667n);
  });

  it('bill the notice if the renter cancels at once', () => {
    const refund = refundAt(running(), { nowNs: START_NS, noticeNs: DAY_NS });
    expect(refund).toBe(9_666_666_667n);
  });

  it('leave out outages and pauses, also one that is open', () => {
    const outage = running({ outage_ns: DAY_NS });
    expect(vestedAt(outage, after(40n))).toBe(9_666_666_666n);
    const paused = running({ paused_ns: 3n * DAY_NS });
    expect(vestedAt(paused, after(40n))).toBe(9_000_000_000n);
    const open = running({ paused_since_ns: [after(5n)] });
    expect(vestedAt(open, after(8n))).toBe(vestedAt(running(), after(5n)));
  });

  it('never take back what was credited', () => {
    const provider = { ...BOOK, credited: 2_300_000_001n };
    const books = { payer: BOOK, provider, author: BOOK, platform: BOOK };
    const course = running({ outage_ns: 5n * DAY_NS, books });
    expect(refundAt(course, { nowNs: after(10n), noticeNs: 0n })).toBe(7_699_999_999n);
  });

  it('vest nothing before the start and everything at the end', () => {
    expect(courseOf(escrowOf({ phase: { Funded: { at_ns: 1n } } }), MONTH_NS)).toBeUndefined();
    expect(vestedAt(running(), START_NS)).toBe(0n);
    expect(vestedAt(running(), after(99n))).toBe(ALL);
  });
});

describe('refundPreview', () => {
  const tenDays = escrowOf({
    vested_now: 3_333_333_333n,
    refund_if_cancelled_now: 6_666_666_667n,
  });
  const extension = escrowOf({ escrow_id: 12n, phase: { Funded: { at_ns: 1n } } });

  it('sums the treasury’s figures over all paid periods', () => {
    expect(refundPreview([tenDays, extension], { kind: 'renter' })).toEqual({
      refund: 6_666_666_667n + ALL,
      kept: 3_333_333_333n,
      penalty: 0n,
      frozen: 0n,
    });
  });

  it('adds the seller’s penalty to what vested, and bills no notice then', () => {
    const noticed = { ...tenDays, refund_if_cancelled_now: 5_000_000_000n };
    expect(refundPreview([noticed], { kind: 'provider', penaltyBps: 1_000 })).toEqual({
      refund: 6_666_666_667n,
      kept: 3_000_000_000n,
      penalty: 333_333_333n,
      frozen: 0n,
    });
  });

  it('moves nothing that a dispute holds', () => {
    const dispute: Treasury.Dispute = {
      opened_at_ns: START_NS,
      opened_by: { Payer: null },
      deadline_at_ns: after(14n),
      frozen: ALL,
      payer_agrees: [],
      provider_agrees: [],
    };
    const held = escrowOf({ dispute: [dispute], refund_if_cancelled_now: 0n });
    expect(refundPreview([held], { kind: 'renter' })).toEqual({
      refund: 0n,
      kept: 0n,
      penalty: 0n,
      frozen: ALL,
    });
    expect(valueOf(held, 'Back for a cancel now')).toBeUndefined();
  });

  it('leaves out periods that are over or were never paid', () => {
    const closed = escrowOf({ phase: { Closed: { at_ns: 1n, cause: { TermEnded: null } } } });
    const quoted = escrowOf({ phase: { Quoted: null } });
    expect(refundPreview([closed, quoted], { kind: 'renter' })).toEqual({
      refund: 0n,
      kept: 0n,
      penalty: 0n,
      frozen: 0n,
    });
  });
});

const ARGS: Treasury.FrozenArgs = {
  generation: 0,
  created_at_ns: 0n,
  memo: new Uint8Array(),
  amount: 5n,
  fee: 1n,
};

function transfer(
  status: Treasury.TransferStatus,
  party: Treasury.Party = { Payer: null },
): Treasury.Transfer {
  return {
    id: 1n,
    purpose: { Payout: { escrow_id: 11n, party } },
    ledger: NOBODY,
    from: ACCOUNT,
    to: ACCOUNT,
    amount: 5n,
    fee_from_payee: 0n,
    fee: 1n,
    scan_from: 0n,
    last_generation: 0,
    last_problem: [],
    planned_at_ns: 0n,
    due_at_ns: [],
    status,
  };
}

const PAID: Treasury.TransferStatus = {
  Paid: { args: ARGS, block: [42n], at_ns: 1n, usd_e8: [] },
};

describe('transferWords', () => {
  it('has words for every status', () => {
    const common = { args: ARGS, attempts: 1, not_before_ns: 0n };
    const labels = [
      PAID,
      { Planned: { not_before_ns: 0n, attempts: 0 } },
      { InFlight: { args: ARGS, is_unknown: false, attempts: 1 } },
      { Retry: { ...common, is_unknown: true } },
      { Reconcile: common },
      { Failed: { at_ns: 0n, reason: 'refused' } },
      { Parked: { args: ARGS, at_ns: 0n, reason: 'nobody knows' } },
    ].map((status) => transferWords(transfer(status)).label);
    expect(new Set(labels).size).toBe(7);
    expect(labels[0]).toBe('Arrived, block 42');
  });

  it('names who gets it', () => {
    const names = [{ Payer: null }, { Provider: null }, { Author: null }, { Platform: null }].map(
      (party) => purposeText(transfer(PAID, party)),
    );
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toBe('Refund to the renter');
  });

  it('finds the refund with its block', () => {
    expect(refundOf([transfer(PAID, { Provider: null })])).toBeUndefined();
    expect(refundOf([transfer(PAID)])).toEqual({
      amount: 5n,
      block: 42n,
      label: 'Arrived, block 42',
    });
  });

  it('knows every phase of a period', () => {
    expect(Object.keys(PHASE_WORDS)).toHaveLength(7);
  });
});

describe('escrowFacts', () => {
  it('ticks while it runs', () => {
    expect(valueOf(escrowOf(), 'Vested now')).toBe('33.33333333 ckBTC');
    expect(valueOf(escrowOf(), 'Back for a cancel now')).toBe('66.66666667 ckBTC');
  });

  it('offers no refund of what is over', () => {
    const phase = { Closed: { at_ns: 1n, cause: { TermEnded: null } } };
    const closed = escrowOf({ phase, vested_now: ALL });
    expect(valueOf(closed, 'Vested')).toBe('100 ckBTC');
    expect(valueOf(closed, 'Back for a cancel now')).toBeUndefined();
  });
});

describe('slaTime', () => {
  it('counts until the end or now, without pauses', () => {
    expect(slaTime(escrowOf(), after(10n))).toEqual({ dueNs: 10n * DAY_NS, outageNs: 0n });
    const paused = escrowOf({ paused_ns: DAY_NS, paused_since_ns: [after(8n)], outage_ns: 5n });
    expect(slaTime(paused, after(10n))).toEqual({ dueNs: 7n * DAY_NS, outageNs: 5n });
    expect(slaTime(escrowOf(), after(90n)).dueNs).toBe(MONTH_NS);
  });
});

describe('disputeWords', () => {
  const dispute: Treasury.Dispute = {
    opened_at_ns: START_NS,
    opened_by: { Payer: null },
    deadline_at_ns: after(14n),
    frozen: 500_000_000n,
    payer_agrees: [],
    provider_agrees: [200_000_000n],
  };

  it('says who opened it, what is frozen, and what each side agreed to', () => {
    const token = { decimals: 8, symbol: 'ckBTC' };
    const own = disputeWords(dispute, { viewer: 'renter', token });
    expect(own.title).toBe('You opened a dispute');
    expect(own.lines.join(' ')).toMatch(/5 ckBTC are frozen.*The seller agreed.*2 ckBTC/);
    const other = disputeWords(dispute, { viewer: 'provider', token });
    expect(other.title).toBe('The renter opened a dispute');
    expect(other.lines.join(' ')).toContain('You agreed');
  });
});
