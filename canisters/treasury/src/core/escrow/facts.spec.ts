import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { DAY, HOUR, lasting, START } from '../../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../../testing/escrow-world.fake.ts';
import { differences } from '../differences.ts';
import type { Fact } from './fact.ts';

const at = (hours: number) => timestampNs(START + BigInt(hours) * HOUR);
const outage = (from: number, to: number): Fact => ({ kind: 'outage', from: at(from), to: at(to) });
type Ended = Extract<Fact, { kind: 'ended' }>;
const ended = (hours: number, cause: Ended['cause']): Fact => ({
  kind: 'ended',
  at: at(hours),
  cause,
});

/** Started at hour 0, now hour `now`, after `facts`. */
function running(now: number, ...facts: readonly Fact[]): EscrowWorld {
  const world = new EscrowWorld().start();
  world.now = at(now);
  for (const fact of facts) expect(world.fact(fact).kind).toBe('apply');
  return world;
}

function funded(now: number): EscrowWorld {
  const world = new EscrowWorld();
  world.deposit();
  world.now = at(now);
  return world;
}

function ruleOf(world: EscrowWorld, fact: Fact): unknown {
  const before = world.escrow;
  const outcome = world.fact(fact);
  expect(differences(world.escrow, before)).toEqual([]);
  return outcome.kind === 'refused' && outcome.refusal.kind === 'invalid-fact'
    ? outcome.refusal.rule
    : outcome.kind;
}

describe('checkFact before the start', () => {
  it.each<[Fact, number, string]>([
    [{ kind: 'started', at: at(-1) }, 1, 'it was not paid then'],
    [{ kind: 'started', at: at(2) }, 1, 'a fact is not in the future'],
    [{ kind: 'started', at: timestampNs(at(2) + 1n) }, 3, 'the time to start was over'],
    [{ kind: 'paused', at: at(0) }, 1, 'it has not started'],
    [outage(0, 1), 1, 'it has not started'],
    [{ kind: 'unproven', unknownPpm: 60_000 }, 1, 'it has not started'],
    [ended(1, 'term-ended'), 1, 'a term that did not start does not end'],
  ])('refuses %o at hour %i: %s', (fact, now, rule) => {
    expect(ruleOf(funded(now), fact)).toBe(rule);
  });

  it('takes a start that is reported late but was in time', () => {
    const world = funded(3);
    expect(world.fact({ kind: 'started', at: at(2) }).kind).toBe('apply');
    expect(world.escrow.phase).toEqual({ kind: 'running', startedAt: at(2) });
  });

  it('refuses facts about what is not paid', () => {
    const world = new EscrowWorld();
    expect(world.fact({ kind: 'started', at: START })).toEqual({
      kind: 'refused',
      refusal: { kind: 'not-funded' },
    });
  });
});

describe('checkFact while running', () => {
  it.each<[string, Fact[], Fact, string]>([
    ['a second start', [], { kind: 'started', at: at(1) }, 'it started already'],
    ['what was before the start', [], outage(-1, 1), 'it is before the end of what was reported'],
    ['an overlap', [outage(2, 5)], outage(4, 6), 'it is before the end of what was reported'],
    ['an empty outage', [], outage(3, 3), 'an outage ends after it begins'],
    ['a backward outage', [], outage(5, 3), 'an outage ends after it begins'],
    ['an outage that is not over', [], outage(5, 51), 'a fact is not in the future'],
    ['what is not a part', [], { kind: 'unproven', unknownPpm: 0 }, 'it is a part of a million'],
    ['more than all', [], { kind: 'unproven', unknownPpm: 1_000_001 }, 'it is a part of a million'],
    ['a resume without a pause', [], { kind: 'resumed', at: at(3) }, 'it is not paused'],
    [
      'a pause in a pause',
      [{ kind: 'paused', at: at(3) }],
      { kind: 'paused', at: at(4) },
      'it is paused already',
    ],
    [
      'a resume before the pause',
      [{ kind: 'paused', at: at(3) }],
      { kind: 'resumed', at: at(2) },
      'it is before the pause',
    ],
    [
      'an outage in a pause',
      [{ kind: 'paused', at: at(3) }],
      outage(2, 4),
      'it overlaps the pause',
    ],
    [
      'an end before the pause',
      [{ kind: 'paused', at: at(3) }],
      ended(2, 'provider-failed'),
      'it is before the pause',
    ],
    [
      'an end before an outage',
      [outage(2, 5)],
      ended(4, 'provider-failed'),
      'it is before the end of what was reported',
    ],
    ['not provisioned', [], ended(1, 'not-provisioned'), 'it started'],
    ['a term that is not over', [], ended(40, 'term-ended'), 'the term is not over then'],
  ])('refuses %s', (_, before, fact, rule) => {
    expect(ruleOf(running(50, ...before), fact)).toBe(rule);
  });

  it('takes an outage that was before the pause, reported in it', () => {
    const world = running(50, { kind: 'paused', at: at(10) }, outage(4, 6));
    expect(world.escrow.exclusions.outageNs).toBe(2n * HOUR);
  });

  it('cuts what reaches beyond the term at its end', () => {
    const end = 30 * 24;
    const world = running(end + 10, outage(end - 3, end + 5));
    expect(world.escrow.exclusions.outageNs).toBe(3n * HOUR);
    expect(ruleOf(world, outage(end + 6, end + 7))).toBe('the term was over');
    world.fact(ended(end + 8, 'provider-cancelled'));
    expect(world.escrow.phase).toMatchObject({ endAt: at(end), cause: 'term-ended' });
  });

  it('takes the end of the term to the nanosecond', () => {
    const end = 30 * 24;
    const world = running(end);
    const fact = { kind: 'ended', cause: 'term-ended' } as const;
    expect(ruleOf(world, { ...fact, at: timestampNs(at(end) - 1n) })).toBe(
      'the term is not over then',
    );
    expect(world.fact({ ...fact, at: at(end) }).kind).toBe('apply');
    expect(world.escrow.books.payer.credited).toBe(0n);
  });

  it('lets a pause that is open at the end last until then', () => {
    const world = running(50, { kind: 'paused', at: at(10) }, ended(34, 'provider-failed'));
    expect(world.escrow.exclusions).toMatchObject({ pausedNs: DAY, pausedSince: undefined });
  });

  it('refuses everything after the end', () => {
    const world = running(50, ended(34, 'provider-failed'));
    expect(world.fact(outage(1, 2))).toMatchObject({ refusal: { kind: 'already-ended' } });
  });
});

describe('numbers of facts', () => {
  it.each([0, -1, 1.5, Number.NaN])('are not %s', (seq) => {
    const world = running(50);
    expect(world.fact(outage(1, 2), seq)).toMatchObject({ refusal: { kind: 'invalid-fact' } });
  });

  it('make a known one a duplicate, whatever it says', () => {
    const world = running(50, outage(1, 2));
    expect(world.fact(ended(40, 'provider-failed'), 2)).toEqual({ kind: 'duplicate' });
    expect(world.fact(outage(9, 3), 1)).toEqual({ kind: 'duplicate' });
    expect(world.escrow.phase.kind).toBe('running');
  });

  it('tell which one is expected after a gap', () => {
    const world = running(50);
    expect(world.fact(outage(1, 2), 3)).toEqual({
      kind: 'refused',
      refusal: { kind: 'out-of-order', expected: 2 },
    });
  });

  it('give the same state for any order with repetitions, if each is repeated until it is taken', () => {
    const facts: Fact[] = [
      outage(2, 4),
      { kind: 'paused', at: at(6) },
      { kind: 'resumed', at: at(9) },
      outage(10, 11),
      ended(48, 'renter-cancelled'),
    ];
    const straight = running(50, ...facts);
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 30 }), (order) => {
        const world = running(50);
        for (const index of [...order, 0, 1, 2, 3, 4]) {
          world.fact(facts[index] ?? outage(0, 1), index + 2);
        }
        expect(differences(world.escrow, straight.escrow)).toEqual([]);
        expect(world.journal.length).toBe(straight.journal.length);
      }),
    );
  });

  it('never let a fact raise what vests', () => {
    const world = running(50);
    world.tick();
    const before = world.escrow.books;
    world.fact(outage(1, 2));
    expect(world.escrow.books).toEqual(before);
    expect(world.escrow.exclusions.outageNs).toBe(lasting(HOUR));
  });
});
