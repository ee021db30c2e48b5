import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { emptyBook } from '../core/tokens/books.ts';
import { START, TOKEN, who } from './escrow-terms.fake.ts';
import { EscrowWorld } from './escrow-world.fake.ts';
import { escrowDifferences, memoryState } from './memory-state.ts';

describe('memoryState', () => {
  it('finds a row by an equal principal, whichever object it is', () => {
    const { books } = memoryState();
    const copy = Principal.fromUint8Array(who.ledger.toUint8Array());
    books.put(who.ledger, emptyBook(who.ledger));
    expect(books.get(copy)?.ledger).toEqual(who.ledger);
    expect(books.get(who.payer)).toBeUndefined();
    books.put(copy, { ...emptyBook(copy), parkedCount: 1 });
    expect(books.values()).toHaveLength(1);
  });

  it('keeps principals apart whose bytes only look alike', () => {
    const { books } = memoryState();
    books.put(Principal.fromUint8Array(Uint8Array.of(1, 23)), emptyBook(who.ledger));
    expect(books.get(Principal.fromUint8Array(Uint8Array.of(12, 3)))).toBeUndefined();
  });

  it('counts a token once, however often it is configured', () => {
    const { tokens } = memoryState();
    tokens.put(TOKEN);
    tokens.put({ ...TOKEN, isEnabled: false });
    expect(tokens.count()).toBe(1);
    expect(tokens.get(who.ledger)?.isEnabled).toBe(false);
  });

  it('keeps lists of different parents apart, oldest first', () => {
    const { payeeTransfers } = memoryState();
    payeeTransfers.append(who.payer, { transferId: 2 as never });
    payeeTransfers.append(who.payer, { transferId: 1 as never });
    expect(payeeTransfers.rows(who.payer)).toEqual([{ transferId: 2 }, { transferId: 1 }]);
    expect(payeeTransfers.rows(who.author)).toEqual([]);
  });

  it('has an id in a queue at each of its times, earliest first', () => {
    const { escrowsDue } = memoryState();
    const later = timestampNs(START + 1n);
    escrowsDue.schedule(1 as never, later);
    escrowsDue.schedule(1 as never, START);
    escrowsDue.schedule(0 as never, later);
    escrowsDue.schedule(0 as never, later);
    expect(escrowsDue.entries().map((entry) => [entry.id, entry.dueAt])).toEqual([
      [1, START],
      [0, later],
      [1, later],
    ]);
    escrowsDue.cancel(1 as never, later);
    escrowsDue.cancel(7 as never, later);
    expect(escrowsDue.entries()).toHaveLength(2);
  });
});

describe('escrowDifferences', () => {
  it('are none between two escrows with the same past, and name what differs', () => {
    const world = new EscrowWorld().start();
    const other = new EscrowWorld().start();
    expect(escrowDifferences(world.rows, other.rows)).toEqual([]);
    other.fact({ kind: 'paused', at: other.now });
    expect(escrowDifferences(world.rows, other.rows)).toContain('escrow.factSeq: 1 is not 2');
    const fewer = { ...world.rows, transfers: [] };
    expect(escrowDifferences(world.rows, fewer)).toHaveLength(1);
  });
});
