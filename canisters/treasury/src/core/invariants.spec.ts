import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, START, units, who } from '../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../testing/escrow-world.fake.ts';
import type { Escrow, PartyBook } from './escrow/escrow.ts';
import type { TransferId } from './ids.ts';
import { checkBook, checkEscrow, type EscrowCheck } from './invariants.ts';
import { emptyBook } from './tokens/books.ts';
import type { TokenBook } from './tokens/token-book.ts';
import type { Transfer } from './transfers/transfer.ts';

function sound(days = 5n): EscrowCheck {
  const world = new EscrowWorld().start();
  world.runUntil(START + days * DAY);
  return { ...world.rows, now: world.now };
}

function withEscrow(check: EscrowCheck, change: Partial<Escrow>): EscrowCheck {
  return { ...check, escrow: { ...check.escrow, ...change } };
}

function withBook(
  check: EscrowCheck,
  party: keyof Escrow['books'],
  change: Partial<PartyBook>,
): EscrowCheck {
  const { books } = check.escrow;
  return withEscrow(check, { books: { ...books, [party]: { ...books[party], ...change } } });
}

function withTransfer(
  check: EscrowCheck,
  index: number,
  change: (transfer: Transfer) => Partial<Transfer>,
): EscrowCheck {
  const transfers = check.transfers.map((one, at) =>
    at === index ? { ...one, ...change(one) } : one,
  );
  return { ...check, transfers };
}

const live = (transfer: Transfer): Partial<Transfer> => {
  if (transfer.status.kind !== 'paid') throw new Error('a paid one is taken back');
  const { args } = transfer.status;
  return { status: { kind: 'in-flight', args, isUnknown: false, attempts: 1 } };
};

describe('checkEscrow', () => {
  it('finds nothing about a sound escrow, running, over or unpaid', () => {
    expect(checkEscrow(sound(1n))).toEqual([]);
    expect(checkEscrow(sound(5n))).toEqual([]);
    expect(checkEscrow(sound(31n))).toEqual([]);
    expect(checkEscrow(sound(40n))).toEqual([]);
    const world = new EscrowWorld();
    expect(checkEscrow({ ...world.rows, now: world.now })).toEqual([]);
  });

  it.each<[string, (check: EscrowCheck) => EscrowCheck]>([
    ['the deposit is not the quoted amount', (c) => withEscrow(c, { deposited: units(1n) })],
    [
      'the confirmed deposits are not what was deposited',
      (c) => withTransfer(c, 0, () => ({ amount: units(1n) })),
    ],
    [
      'there are two deposits',
      (c) =>
        withTransfer(c, 1, () => ({
          purpose: c.transfers[0]?.purpose ?? { kind: 'fee-withdrawal' },
        })),
    ],
    [
      'more was credited than deposited',
      (c) => withBook(c, 'payer', { credited: units(10n ** 12n) }),
    ],
    [
      'a party was paid more than it was credited',
      (c) => withBook(c, 'author', { credited: units(1n) }),
    ],
    [
      'the credits are not the split of their sum',
      (c) => withBook(c, 'author', { credited: units(c.escrow.books.author.credited + 1n) }),
    ],
    [
      'the deposit is not the sum of payouts, fees and balance',
      (c) => withBook(c, 'provider', { fees: units(3n) }),
    ],
    [
      'what a party got is not the sum of its payouts',
      (c) => withTransfer(c, 1, () => ({ amount: units(7n) })),
    ],
    ['less is on the ledger than the books say', (c) => withEscrow(c, { surplus: -1n })],
    [
      'a block stands for two transfers',
      (c) =>
        withTransfer(c, 2, () => ({
          status: c.transfers[1]?.status ?? { kind: 'failed', at: START, reason: '' },
        })),
    ],
    ['a transfer is listed twice', (c) => withTransfer(c, 2, () => ({ id: 1 as TransferId }))],
    ['two transfers are under way', (c) => withTransfer(withTransfer(c, 1, live), 2, live)],
    ['the transfer under way is not the one that is noted', (c) => withTransfer(c, 1, live)],
    [
      'a transfer is in flight for more than 25 hours',
      (c) => ({ ...withTransfer(c, 1, live), now: timestampNs(c.now + 3n * DAY) }),
    ],
    ['nobody looks after it', (c) => withEscrow(c, { dueAt: undefined })],
    ['an unpaid escrow holds something', (c) => withEscrow(c, { phase: { kind: 'quoted' } })],
    ['a paid escrow holds nothing', (c) => withEscrow(c, { deposited: units(0n) })],
    [
      'it is over and wants attention',
      (c) => withEscrow(c, { phase: { kind: 'lapsed', at: START } }),
    ],
    [
      'it is over and a transfer is under way',
      (c) => withEscrow(c, { phase: { kind: 'lapsed', at: START }, liveTransfer: 1 as TransferId }),
    ],
    [
      'it is decided and something is undecided',
      (c) =>
        withEscrow(c, {
          phase: {
            kind: 'ended',
            startedAt: START,
            endAt: START,
            cause: 'term-ended',
            isFinal: true,
          },
        }),
    ],
    [
      'it is closed and somebody is owed',
      (c) =>
        withBook(
          withEscrow(c, { phase: { kind: 'closed', at: START, cause: 'term-ended' } }),
          'payer',
          {
            credited: units(5n),
          },
        ),
    ],
    [
      'a dispute is about something else than what is undecided',
      (c) =>
        withEscrow(c, {
          dispute: {
            openedAt: START,
            openedBy: 'payer',
            deadlineAt: START,
            frozen: units(1n),
            payerAgrees: undefined,
            providerAgrees: undefined,
          },
        }),
    ],
  ])('says: %s', (trouble, breakIt) => {
    expect(checkEscrow(breakIt(sound()))).toContain(trouble);
  });

  it('lets a transfer be in flight for 25 hours, not longer', () => {
    const trouble = 'a transfer is in flight for more than 25 hours';
    const check = withTransfer(sound(), 1, live);
    const sentAt = check.transfers[1]?.plannedAt ?? START;
    const after = (ns: bigint) => checkEscrow({ ...check, now: timestampNs(sentAt + ns) });
    expect(after(25n * HOUR)).not.toContain(trouble);
    expect(after(25n * HOUR + 1n)).toContain(trouble);
  });
});

describe('checkBook', () => {
  const book = { ...emptyBook(who.ledger), escrow: units(5n), fees: units(3n), booked: units(8n) };

  it('finds nothing about a sound one', () => {
    expect(checkBook(book)).toEqual([]);
  });

  it.each<[string, Partial<TokenBook>]>([
    [
      'by blocks the canister holds something else than escrow, owed and fees in sum',
      { owed: units(1n) },
    ],
    ['a sum is negative', { owed: units(-1n), escrow: units(6n) }],
    ['more was collected than the platform has', { collected: units(4n) }],
    ['a ledger holds less than the books say', { shortfall: units(1n) }],
    ['a count is negative', { parkedCount: -1 }],
  ])('says: %s', (trouble, change) => {
    expect(checkBook({ ...book, ...change })).toEqual([trouble]);
  });
});
