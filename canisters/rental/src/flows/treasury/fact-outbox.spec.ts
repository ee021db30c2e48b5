import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { Fact } from '../../core/rentals/rental-event.ts';
import type { QuoteTerms } from '../../core/treasury/quote-terms.ts';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { fakeCanister, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import { someTerms } from '../../testing/treasury-terms.fake.ts';
import { fakeTreasury } from '../../testing/treasury.fake.ts';
import { factTasks, queueFact, tickFacts } from './fact-outbox.ts';

const rentalId = 1 as RentalId;

function world() {
  const c = fakeCanister();
  givenSettings(c);
  const treasury = fakeTreasury(c);
  const { books } = treasury;
  /** A paid escrow. */
  const paid = (rental: number = rentalId, terms: Partial<QuoteTerms> = {}): EscrowId => {
    const quote = books.quote(someTerms({ rentalId: rental as RentalId, ...terms }));
    if (quote.kind === 'err') throw new Error(quote.error.message);
    books.confirmDeposit(quote.value.id);
    return quote.value.id;
  };
  const wait = (seconds: number) => {
    c.runtime.now = after(c.runtime.now, durationNs({ seconds }));
  };
  return { c, treasury, books, paid, wait };
}

function queue(c: FakeCanister, escrowId: EscrowId, ...facts: readonly Fact[]): void {
  facts.forEach((fact, index) => {
    queueFact(c, { rentalId, escrowId, seq: index + 1, fact });
  });
}

function backlog(c: FakeCanister): number {
  return c.storage.rentals.facts.due.size();
}

function lifeFrom(c: FakeCanister): readonly [Fact, Fact, Fact] {
  const { now } = c.runtime;
  const later = after(now, durationNs({ minutes: 5 }));
  return [
    { kind: 'started', at: now },
    { kind: 'outage', from: now, to: later },
    { kind: 'ended', at: later, cause: 'renter-cancelled' },
  ];
}

describe('the outbox of facts', () => {
  it('has one task, every ten seconds', async () => {
    const { c, books, paid } = world();
    const escrowId = paid();
    queue(c, escrowId, ...lifeFrom(c).slice(0, 1));
    const [task, ...others] = factTasks(c);
    expect(others).toEqual([]);
    expect(task?.everySeconds).toBe(10);
    await task?.run();
    expect(books.escrow(escrowId).facts).toHaveLength(1);
  });

  it('reports in order what is queued, in one call, and is empty then', async () => {
    const { c, treasury, books, paid, wait } = world();
    const one = paid(1);
    const other = paid(2);
    const life = lifeFrom(c);
    wait(600);
    queue(c, one, ...life);
    queue(c, other, ...life.slice(0, 2));
    await tickFacts(c);
    expect(books.escrow(one).facts).toEqual(life);
    expect(books.escrow(other).facts).toEqual(life.slice(0, 2));
    expect(treasury.asked).toEqual(['report_facts']);
    expect(backlog(c)).toBe(0);
    expect(c.storage.rentals.facts.lines.size()).toBe(0);
    await tickFacts(c);
    expect(treasury.asked).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('tries again when the call fails %s', async (failing) => {
    const { c, treasury, books, paid, wait } = world();
    const escrowId = paid();
    const life = lifeFrom(c);
    wait(600);
    queue(c, escrowId, ...life);
    treasury.failing = failing;
    await tickFacts(c);
    await tickFacts(c);
    expect(treasury.asked).toHaveLength(1);
    wait(10);
    treasury.failing = undefined;
    await tickFacts(c);
    expect(books.escrow(escrowId).facts).toEqual(life);
    expect(backlog(c)).toBe(0);
  });

  it('makes one call at a time and keeps what is queued meanwhile', async () => {
    const { c, treasury, books, paid, wait } = world();
    const escrowId = paid();
    const [start, outage] = lifeFrom(c);
    wait(600);
    queue(c, escrowId, start);
    treasury.failing = 'held';
    const first = tickFacts(c);
    await tickFacts(c);
    expect(treasury.asked).toHaveLength(1);
    queueFact(c, { rentalId, escrowId, seq: 2, fact: outage });
    treasury.letGo();
    await first;
    expect(books.escrow(escrowId).facts).toEqual([start]);
    treasury.failing = undefined;
    await tickFacts(c);
    expect(books.escrow(escrowId).facts).toEqual([start, outage]);
  });

  it('keeps a refused fact for the operator and goes on without it', async () => {
    const { c, books, paid, wait } = world();
    const escrowId = paid();
    const [start, outage, end] = lifeFrom(c);
    wait(600);
    queue(c, escrowId, start, start, outage, end);
    await tickFacts(c);
    await tickFacts(c);
    expect(books.escrow(escrowId).facts).toEqual([start, outage, end]);
    const { rows } = c.storage.rentals.facts.refused.page(null, {
      order: 'oldest-first',
      limit: 10,
    });
    expect(rows.map(({ value }) => value)).toEqual([
      expect.objectContaining({ escrowId, rentalId, seq: 2, fact: start }),
    ]);
    expect(backlog(c)).toBe(0);
  });

  it('finds its number again after a refused fact was the last of its line', async () => {
    const { c, books, paid, wait } = world();
    const escrowId = paid();
    const [start, , end] = lifeFrom(c);
    wait(600);
    queue(c, escrowId, start, start);
    await tickFacts(c);
    queueFact(c, { rentalId, escrowId, seq: 3, fact: end });
    await tickFacts(c);
    wait(10);
    await tickFacts(c);
    expect(books.escrow(escrowId).facts).toEqual([start, end]);
  });

  it('is content if the treasury ended by itself before it was told', async () => {
    const { c, books, paid, wait } = world();
    const escrowId = paid();
    const [start, , end] = lifeFrom(c);
    books.fact({ escrowId, seq: 1, fact: start });
    books.end(escrowId, { at: c.runtime.now, cause: 'dispute-decided' });
    wait(600);
    queueFact(c, { rentalId, escrowId, seq: 2, fact: end });
    await tickFacts(c);
    expect(backlog(c)).toBe(0);
    expect(c.storage.rentals.facts.refused.length(null)).toBe(0);
  });

  it('lets no escrow hold up another', async () => {
    const { c, books, paid, wait } = world();
    const unknown = 999 as EscrowId;
    const escrowId = paid();
    const life = lifeFrom(c);
    wait(600);
    queue(c, unknown, ...life);
    queue(c, escrowId, ...life);
    await tickFacts(c);
    expect(books.escrow(escrowId).facts).toEqual(life);
    expect(c.storage.rentals.facts.refused.length(null)).toBe(1);
  });

  it('waits with what the treasury does not believe yet', async () => {
    const { c, books, paid, wait } = world();
    const escrowId = paid();
    const early: Fact = { kind: 'started', at: after(c.runtime.now, durationNs({ seconds: 5 })) };
    queue(c, escrowId, early);
    await tickFacts(c);
    expect(books.escrow(escrowId).facts).toEqual([]);
    wait(10);
    await tickFacts(c);
    expect(books.escrow(escrowId).facts).toEqual([early]);
  });

  it('sends at most 50 facts in one call', async () => {
    const { c, books, paid, wait } = world();
    const ids = Array.from({ length: 30 }, (_, index) => paid(index + 10));
    const life = lifeFrom(c);
    wait(600);
    for (const id of ids) queue(c, id, ...life);
    await tickFacts(c);
    const taken = () => ids.reduce((sum, id) => sum + books.escrow(id).facts.length, 0);
    expect(taken()).toBe(50);
    await tickFacts(c);
    expect(taken()).toBe(90);
    expect(backlog(c)).toBe(0);
  });

  it('keeps for the operator what comes after the treasury has given everything back', async () => {
    const { c, treasury, books, paid, wait } = world();
    const escrowId = paid();
    const [start] = lifeFrom(c);
    wait(3_600);
    queue(c, escrowId, start);
    treasury.failing = 'before';
    for (let lost = 0; lost < 6; lost += 1) {
      await tickFacts(c);
      wait(600);
    }
    treasury.failing = undefined;
    await tickFacts(c);
    const cause = 'not-provisioned';
    expect(books.escrow(escrowId)).toMatchObject({ facts: [], phase: { kind: 'ended', cause } });
    expect(c.storage.rentals.facts.refused.length(null)).toBe(1);
    expect(backlog(c)).toBe(0);
  });

  it('brings each fact once and in order through lost calls and upgrades', async () => {
    const lost = { failing: 'before', isUpgraded: false, queued: 0 } as const;
    const plan = fc.array(
      fc.record({
        failing: fc.constantFrom<'before' | 'after' | undefined>('before', 'after', undefined),
        isUpgraded: fc.boolean(),
        queued: fc.nat(3),
      }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const { c: first, treasury, books, paid, wait } = world();
        let c = first;
        // In good time, however long the treasury is out of reach.
        const escrowId = paid(rentalId, { provisionWithinNs: durationNs({ days: 1 }) });
        const begin = c.runtime.now;
        wait(3_600);
        const facts: Fact[] = [{ kind: 'started', at: begin }];
        queue(c, escrowId, ...facts);
        for (const { failing, isUpgraded, queued } of steps) {
          for (let count = 0; count < queued; count += 1) {
            const at = timestampNs(begin + BigInt(facts.length));
            const fact: Fact = { kind: facts.length % 2 === 0 ? 'resumed' : 'paused', at };
            facts.push(fact);
            queueFact(c, { rentalId, escrowId, seq: facts.length, fact });
          }
          treasury.failing = failing;
          await tickFacts(c);
          if (isUpgraded) c = c.upgraded();
          wait(600);
        }
        treasury.failing = undefined;
        await tickFacts(c);
        wait(600);
        await tickFacts(c);
        expect(books.escrow(escrowId).facts).toEqual(facts);
        expect(backlog(c)).toBe(0);
      }),
      { numRuns: 60, examples: [[Array.from({ length: 25 }, () => lost)]] },
    );
  });
});
