import { describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import * as fixture from './support/treasury-world.ts';
import {
  escrowOf,
  expectSound,
  heldOnLedger,
  okOf,
  treasuryWorld,
} from './support/treasury-world.ts';

const { AMOUNT, AUTHOR, DAY_NS, FEE, HOUR_NS, PAYER, PROVIDER, RENTAL, STRANGER } = fixture;
/** After the term, for facts about its end. */
const GRACE_NS = 6n * HOUR_NS;
const DAILY = AMOUNT / 30n;
/** Held back during the term: two days, and the larger of SLA credit and penalty (20 %). */
const releasedAfter = (days: bigint) => ((days - 2n) * DAILY * 8n) / 10n;
const providerPart = (vested: bigint) => vested - (vested * 5n) / 100n - (vested * 3n) / 100n;
const authorPart = (vested: bigint) => (vested * 5n) / 100n;

function briefOf({ as }: fixture.TreasuryWorld, id: bigint) {
  const [[brief] = []] = okOf(as(STRANGER).escrow_briefs(BigUint64Array.of(id)));
  return present(brief, `there is no escrow ${id}`);
}

function balances({ ledger }: fixture.TreasuryWorld) {
  const [payer, provider, author] = [PAYER, PROVIDER, AUTHOR].map((who) =>
    ledger.balanceOf(accountOf(who)),
  );
  return { payer, provider, author };
}

describe('an escrow on the ledger', () => {
  it('holds exactly the quoted amount in an account of its own', () => {
    const treasury = treasuryWorld();
    const before = treasury.ledger.balanceOf(accountOf(PAYER));
    const id = fixture.paidEscrow(treasury);
    expect(heldOnLedger(treasury, id)).toBe(AMOUNT);
    // One fee for the approval and one for the deposit.
    expect(before - treasury.ledger.balanceOf(accountOf(PAYER))).toBe(AMOUNT + 2n * FEE);
    const escrow = escrowOf(treasury, id);
    expect(escrow).toMatchObject({ deposited: AMOUNT, held: AMOUNT, vested_now: 0n });
    expect(escrow.phase).toHaveProperty('Funded');
    const block = treasury.ledger.blocks()[Number(escrow.deposit_block[0])];
    expect(block).toMatchObject({ transaction: { operation: { amount: AMOUNT } } });
    expectSound(treasury, id);
  });

  it('pays provider and author each day what vested more than two days ago', () => {
    const treasury = treasuryWorld();
    const id = fixture.runningEscrow(treasury);
    const before = balances(treasury);
    for (let day = 1n; day <= 8n; day += 1n) {
      treasury.world.advance(DAY_NS);
      const released = day < 3n ? 0n : releasedAfter(day);
      const after = balances(treasury);
      // The ledger takes a fee for each transfer; what the platform has open bears it first.
      const got = (after.provider ?? 0n) - (before.provider ?? 0n);
      expect(got).toBeLessThanOrEqual(providerPart(released));
      expect(got).toBeGreaterThanOrEqual(providerPart(released) - day * FEE);
      expect(after.payer).toBe(before.payer);
      expect(escrowOf(treasury, id).vested_now).toBe(day * DAILY);
      expectSound(treasury, id);
    }
    // The author's part is collected until it is worth 20 fees, which is on the seventh day.
    expect((balances(treasury).author ?? 0n) + FEE).toBeGreaterThanOrEqual(
      authorPart(releasedAfter(7n)),
    );
  });

  it('refunds at once what did not vest when the renter cancels, and closes after the hold-back', () => {
    const treasury = treasuryWorld();
    const { as, world } = treasury;
    const id = fixture.runningEscrow(treasury);
    world.advance(10n * DAY_NS);
    const before = balances(treasury);
    const promised = escrowOf(treasury, id).refund_if_cancelled_now;
    expect(promised).toBe(20n * DAILY);
    fixture.report(treasury, id, 2n, {
      Ended: { at_ns: world.timeNs, cause: { RenterCancelled: null } },
    });
    world.runUntilIdle();
    world.advance(1_000_000_000n);
    const refunded = (balances(treasury).payer ?? 0n) - (before.payer ?? 0n);
    expect(promised - refunded).toBeLessThanOrEqual(FEE);
    expect(escrowOf(treasury, id).phase).toMatchObject({ Ended: { is_final: false } });

    world.advance(2n * DAY_NS);
    const closed = escrowOf(treasury, id);
    expect(closed.phase).toMatchObject({ Closed: { cause: { RenterCancelled: null } } });
    const { payer, provider, author, platform } = closed.books;
    const books = [payer, provider, author, platform];
    expect(books.reduce((sum, { credited }) => sum + credited, 0n)).toBe(AMOUNT);
    expect(books.reduce((sum, { paid, fees, open }) => sum + paid + fees + open, 0n)).toBe(AMOUNT);
    expect(provider.credited).toBe(providerPart(10n * DAILY));
    expect(author.credited).toBe(authorPart(10n * DAILY));
    expect(heldOnLedger(treasury, id)).toBe(platform.open);
    expect(platform.open).toBeLessThanOrEqual(FEE);
    expectSound(treasury, id);
    // Each payout is a block that says the same.
    const { rows } = okOf(
      as(STRANGER).list_escrow_transfers(id, { from: [], limit: 50, newest_first: false }),
    );
    const blocks = treasury.ledger.blocks();
    for (const { value } of rows) {
      if (!('Paid' in value.status)) throw new Error('a transfer of a closed escrow is not over');
      const [index] = value.status.Paid.block;
      const block = blocks[Number(index)];
      expect(block).toMatchObject({
        transaction: { operation: { amount: value.amount }, memo: value.status.Paid.args.memo },
      });
    }
    expect(rows.map(({ value }) => Object.keys(value.purpose)[0])).toContain('Deposit');
    expect(rows.length).toBe(7);
  });

  it('gives everything back if the rental never starts, without anybody asking', () => {
    const treasury = treasuryWorld();
    const before = treasury.ledger.balanceOf(accountOf(PAYER));
    const id = fixture.paidEscrow(treasury);
    treasury.world.advance(HOUR_NS);
    treasury.world.advance(HOUR_NS);
    const { phase } = escrowOf(treasury, id);
    expect(phase).toMatchObject({ Closed: { cause: { NotProvisioned: null } } });
    // Approval, deposit, refund: nobody else is there to bear a fee.
    expect(before - treasury.ledger.balanceOf(accountOf(PAYER))).toBe(3n * FEE);
    expect(heldOnLedger(treasury, id)).toBe(0n);
    expectSound(treasury, id);
  });

  it('ends at the end of the term by itself and takes outages off', () => {
    const treasury = treasuryWorld();
    const { world } = treasury;
    const id = fixture.runningEscrow(treasury);
    const startedAt = world.timeNs;
    world.advance(2n * DAY_NS);
    fixture.report(treasury, id, 2n, {
      Outage: { from_ns: startedAt, to_ns: startedAt + DAY_NS },
    });
    world.advance(28n * DAY_NS);
    const endsAt = startedAt + 30n * DAY_NS;
    expect(briefOf(treasury, id)).toMatchObject({
      phase: { Running: {} },
      due_at_ns: [endsAt + GRACE_NS],
    });
    world.advance(GRACE_NS);
    const ended = briefOf(treasury, id);
    expect(ended.phase).toMatchObject({ Ended: { end_at_ns: endsAt, cause: { TermEnded: null } } });
    expect(ended.payer.credited).toBe(DAILY);
    world.advance(3n * DAY_NS);
    const closed = escrowOf(treasury, id);
    expect(closed.phase).toMatchObject({ Closed: { cause: { TermEnded: null } } });
    // A day of thirty is below 99 %: a tenth of what vested goes back as well.
    expect(closed.books.payer.credited).toBe(DAILY + (29n * DAILY) / 10n);
    expectSound(treasury, id);
  });

  it('waits with what was not measured as long as a dispute may take', () => {
    const treasury = treasuryWorld();
    const { world } = treasury;
    const id = fixture.runningEscrow(treasury);
    world.advance(10n * DAY_NS);
    fixture.report(treasury, id, 2n, { Unproven: { unknown_ppm: 70_000 } });
    const endedAt = world.timeNs;
    const cause = { ProviderFailed: null };
    fixture.report(treasury, id, 3n, { Ended: { at_ns: endedAt, cause } });
    world.advance(3n * DAY_NS);
    expect(escrowOf(treasury, id)).toMatchObject({
      phase: { Ended: { is_final: false } },
      unproven_ppm: [70_000],
      due_at_ns: [endedAt + 14n * DAY_NS],
    });
    world.advance(12n * DAY_NS);
    expect(escrowOf(treasury, id).phase).toMatchObject({ Closed: { cause } });
    expectSound(treasury, id);
  });

  it('is told in brief, many at once', () => {
    const treasury = treasuryWorld();
    const [first, second] = [fixture.runningEscrow(treasury), fixture.paidEscrow(treasury)];
    const anybody = treasury.as(STRANGER);
    const briefs = okOf(
      anybody.escrow_briefs(BigUint64Array.of(second, 99n, first, 2n ** 64n - 1n)),
    );
    expect(briefs.map(([brief]) => brief?.escrow_id)).toEqual([
      second,
      undefined,
      first,
      undefined,
    ]);
    expect(briefs[2]?.[0]?.phase).toHaveProperty('Running');
    expect(anybody.escrow_briefs(new BigUint64Array(51).fill(first))).toMatchObject({
      Err: { kind: { RequestError: [{ InvalidArgument: { argument: 'escrow_ids' } }] } },
    });
  });

  it('pays a renewal into another account', () => {
    const treasury = treasuryWorld();
    const [first, second] = [fixture.runningEscrow(treasury), fixture.paidEscrow(treasury)];
    expect(escrowOf(treasury, first).account).not.toEqual(escrowOf(treasury, second).account);
    const { rows } = okOf(
      treasury
        .as(STRANGER)
        .list_escrows_of_rental(7n, { from: [], limit: 50, newest_first: false }),
    );
    expect(rows.map(({ value }) => value.escrow_id)).toEqual([first, second]);
  });

  it('freezes in a dispute, and splits as both sides agree', () => {
    const treasury = treasuryWorld();
    const { as, world } = treasury;
    const id = fixture.runningEscrow(treasury);
    world.advance(3n * DAY_NS);
    okOf(as(PAYER).open_dispute({ escrow_id: id, reason: 'it is slow' }));
    const before = escrowOf(treasury, id);
    world.advance(3n * DAY_NS);
    const { held, dispute, next_release_at_ns } = escrowOf(treasury, id);
    expect({ held, next_release_at_ns }).toEqual({ held: before.held, next_release_at_ns: [] });
    expect(dispute[0]).toMatchObject({ frozen: before.held, opened_by: { Payer: null } });
    const payerPart = before.held / 2n;
    okOf(as(PAYER).agree_split({ escrow_id: id, payer_part: payerPart }));
    okOf(as(PROVIDER).agree_split({ escrow_id: id, payer_part: payerPart }));
    world.runUntilIdle();
    world.advance(1_000_000_000n);
    const settled = escrowOf(treasury, id);
    expect(settled.phase).toMatchObject({ Closed: { cause: { DisputeDecided: null } } });
    expect(settled.books.payer.credited).toBe(payerPart);
    expectSound(treasury, id);
  });

  it('lets the arbiter decide, and the facts if nobody does', () => {
    const treasury = treasuryWorld();
    const { as, world } = treasury;
    const decided = fixture.runningEscrow(treasury);
    const ignored = fixture.runningEscrow(treasury, { rental_id: 8n });
    for (const id of [decided, ignored]) {
      okOf(as(PROVIDER).open_dispute({ escrow_id: id, reason: 'unpaid work' }));
    }
    okOf(as(fixture.ARBITER).decide_dispute({ escrow_id: decided, payer_part: AMOUNT }));
    world.advance(14n * DAY_NS);
    expect(escrowOf(treasury, decided).books.payer.credited).toBe(AMOUNT);
    expect(escrowOf(treasury, ignored).books.payer.credited).toBe(16n * DAILY);
    expect(escrowOf(treasury, ignored).phase).toHaveProperty('Closed');
    expectSound(treasury, ignored);
  });

  it('takes a fact again without effect', () => {
    const treasury = treasuryWorld();
    const id = fixture.runningEscrow(treasury);
    const before = escrowOf(treasury, id);
    const again = { escrow_id: id, seq: 1n, fact: { Paused: { at_ns: treasury.world.timeNs } } };
    const answers = okOf(treasury.as(RENTAL).report_facts([again]));
    expect(answers).toEqual([{ Ok: { is_duplicate: true } }]);
    expect(escrowOf(treasury, id)).toEqual(before);
  });
});
