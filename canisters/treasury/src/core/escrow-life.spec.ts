import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { after, durationNs, timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { bps, DAY, lasting, TERMS, TOKEN, units, who } from '../testing/escrow-terms.fake.ts';
import { EscrowWorld } from '../testing/escrow-world.fake.ts';
import type { Fate } from '../testing/escrow-world.fake.ts';
import { memoryState, type MemoryState } from '../testing/memory-state.ts';
import { applyEvent, type JournalEntry } from './apply.ts';
import { differences } from './differences.ts';
import { agreeDispute, decideDispute, openDispute } from './escrow/disputes.ts';
import type { Fact } from './escrow/fact.ts';
import { balanceOf, undecidedOf } from './escrow/party-book.ts';
import type { EscrowId } from './ids.ts';
import { checkBook, checkEscrow } from './invariants.ts';
import { pausePayouts, requestAccount, resumePayouts } from './payees/payout-account.ts';
import { sumsOf } from './tokens/books.ts';

const MINUTE = durationNs({ minutes: 1 });

/** Everything that must hold after every single event. */
function checkWorld(world: EscrowWorld): void {
  const { escrow, rows, now, state } = world;
  expect(checkEscrow({ ...rows, now })).toEqual([]);
  expect(balanceOf(escrow)).toBe(world.ledger.escrow);
  const dueAt = escrow.dueAt;
  expect(state.escrowsDue.entries()).toEqual(dueAt === undefined ? [] : [{ id: 0, dueAt }]);
  const transfersDue = rows.transfers.filter((one) => one.dueAt !== undefined);
  expect(state.transfersDue.entries().length).toBe(transfersDue.length);
  const { auditDueAt } = escrow;
  expect(state.auditsDue.entries().length).toBe(auditDueAt === undefined ? 0 : 1);
  const book = state.books.get(who.ledger);
  if (book === undefined) return;
  expect(checkBook(book)).toEqual([]);
  expect(book.collected).toBe(world.ledger.platform);
  const sums = sumsOf(escrow);
  expect({ ...sums }).toEqual({
    escrow: book.escrow,
    owed: book.owed,
    fees: book.fees - book.collected,
    booked: book.booked - book.collected,
  });
}

function rowsOf(state: MemoryState): unknown {
  return {
    settings: state.settings.get(null),
    tokens: state.tokens.values(),
    books: state.books.values(),
    quotes: state.quotes.values(),
    escrows: state.escrows.values(),
    transfers: state.transfers.values(),
    payees: [state.payees.get(who.provider), state.payees.get(who.author)],
    events: state.escrowEvents.rows(0 as EscrowId),
    paidTo: [who.payer, who.provider, who.author].map((one) => state.payeeTransfers.rows(one)),
    queues: [state.escrowsDue.entries(), state.transfersDue.entries(), state.auditsDue.entries()],
  };
}

function replay(journal: readonly JournalEntry[]): MemoryState {
  const state = memoryState();
  for (const entry of journal) applyEvent(state, entry);
  return state;
}

type Command =
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'tick' }
  | {
      readonly kind: 'fact';
      readonly fact: Fact['kind'];
      readonly after: number;
      readonly ago: number;
      readonly cause: number;
    }
  | { readonly kind: 'stale-fact'; readonly fact: Fact['kind']; readonly offset: number }
  | { readonly kind: 'dispute'; readonly by: number }
  | { readonly kind: 'agree'; readonly by: number; readonly ppm: number }
  | { readonly kind: 'decide'; readonly ppm: number }
  | { readonly kind: 'pause'; readonly who: number; readonly days: number }
  | { readonly kind: 'resume'; readonly who: number }
  | { readonly kind: 'account'; readonly who: number };

const CAUSES = [
  'renter-cancelled',
  'provider-cancelled',
  'term-ended',
  'not-provisioned',
  'provider-failed',
] as const;

const factKind = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Fact['kind'][]>('started', 'ended') },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Fact['kind'][]>('paused', 'resumed', 'outage', 'unproven'),
  },
);
const side = fc.nat(1);
const ppm = fc.nat(1_000_000);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), minutes: fc.nat(6_000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tick') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('fact'),
      fact: factKind,
      after: fc.nat(3_000),
      ago: fc.integer({ min: -3, max: 60 }),
      cause: fc.nat(4),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('stale-fact'),
      fact: factKind,
      offset: fc.constantFrom(-3, -1, 0, 2, 5),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('dispute'), by: side }) },
  fc.record({
    kind: fc.constant('agree'),
    by: fc.nat(2),
    ppm: fc.constantFrom(0, 500_000, 1_000_000),
  }),
  fc.record({ kind: fc.constant('decide'), ppm }),
  fc.record({ kind: fc.constant('pause'), who: side, days: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ kind: fc.constant('resume'), who: side }),
  fc.record({ kind: fc.constant('account'), who: side }),
);

/** An ordinary rental, one whose every share is near a ledger's fee, one that promises everything. */
const RENTALS = [
  { terms: TERMS },
  {
    terms: { ...TERMS, totalUsdE8: 10_000n as UsdE8 },
    token: { ...TOKEN, fee: units(500n), minPayout: units(0n) },
  },
  { terms: { ...TERMS, providerPenaltyBps: bps(10_000), noticeNs: DAY } },
];
const life = fc.record({
  rental: fc.constantFrom(...RENTALS),
  isUp: fc.oneof(fc.constant(true), fc.boolean()),
  steps: fc.array(command, { maxLength: 40 }),
  fates: fc.array(
    fc.constantFrom<Fate[]>('paid', 'retried', 'found', 'fee-rises', 'parked', 'failed'),
    { maxLength: 12 },
  ),
});

function begin({ rental, isUp, fates }: Life): EscrowWorld {
  const world = new EscrowWorld(rental);
  world.fates = [...fates];
  payIn(world);
  if (isUp) world.fact({ kind: 'started', at: world.now });
  return world;
}

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

/** The deposit, again after each failure. */
function payIn(world: EscrowWorld): void {
  while (world.escrow.phase.kind === 'quoted') {
    world.deposit();
    checkWorld(world);
  }
}

function factOf(
  world: EscrowWorld,
  asked: { fact: Fact['kind']; ago: number; cause: number },
): Fact {
  const at = timestampNs(world.now - BigInt(asked.ago) * MINUTE);
  switch (asked.fact) {
    case 'outage': {
      // Some are told only when their time was paid already.
      const { lastTo } = world.escrow.exclusions;
      const from = asked.cause === 0 ? lastTo : timestampNs(at - 30n * MINUTE);
      return { kind: 'outage', from, to: at };
    }
    case 'ended':
      return { kind: 'ended', at, cause: present(CAUSES[asked.cause], 'a cause') };
    case 'unproven':
      return { kind: 'unproven', unknownPpm: 1 + asked.ago };
    default:
      return { kind: asked.fact, at };
  }
}

function frozenPart(world: EscrowWorld, share: number) {
  return units((undecidedOf(world.escrow) * BigInt(share)) / 1_000_000n);
}

function run(world: EscrowWorld, step: Command): void {
  const { quote, escrow, now, state } = world;
  const asked = { quote, escrow, now };
  switch (step.kind) {
    case 'wait':
      world.wait(lasting(BigInt(step.minutes) * MINUTE));
      return;
    case 'tick':
      world.tick();
      return;
    case 'fact':
      world.wait(lasting(BigInt(step.after) * MINUTE));
      world.fact(factOf(world, step));
      return;
    case 'stale-fact': {
      const seq = escrow.factSeq + 1 + step.offset;
      if (step.offset === 0) return;
      const before = world.journal.length;
      const outcome = world.fact(factOf(world, { ...step, ago: 1, cause: 0 }), seq);
      expect(outcome.kind === 'apply').toBe(false);
      expect(world.journal.length).toBe(before);
      expect(differences(world.escrow, escrow)).toEqual([]);
      return;
    }
    case 'dispute': {
      const caller = step.by === 0 ? who.payer : who.provider;
      const opened = openDispute({ ...asked, caller, reason: 'it does not work' });
      if (opened.kind === 'ok') world.record(opened.value);
      return;
    }
    case 'agree': {
      const callers = [who.payer, who.provider].filter(
        (_, one) => step.by === 2 || step.by === one,
      );
      const payerPart = frozenPart(world, step.ppm);
      for (const caller of callers) {
        const agreed = agreeDispute({ ...asked, escrow: world.escrow, caller, payerPart });
        if (agreed.kind === 'ok') for (const event of agreed.value) world.record(event);
      }
      return;
    }
    case 'decide': {
      const payerPart = frozenPart(world, step.ppm);
      const decided = decideDispute({ ...asked, caller: who.arbiter, payerPart });
      if (decided.kind === 'ok') world.record(decided.value);
      return;
    }
    default:
      changePayee(world, step, state);
  }
}

function changePayee(
  world: EscrowWorld,
  step: Extract<Command, { kind: 'pause' | 'resume' | 'account' }>,
  state: MemoryState,
): void {
  const owner = step.who === 0 ? who.provider : who.author;
  const asked = { payee: state.payees.get(owner), owner, now: world.now };
  const account = { owner: who.stranger, subaccount: undefined };
  const answer =
    step.kind === 'pause'
      ? pausePayouts({ ...asked, until: after(world.now, durationNs({ days: step.days })) })
      : step.kind === 'resume'
        ? resumePayouts(asked)
        : requestAccount({ ...asked, account });
  if (answer.kind === 'ok') world.record(answer.value);
}

function latestEnd(world: EscrowWorld): TimestampNs {
  const days = 14 + 30 + 2 + 2 + 90 + 3;
  return after(world.now, durationNs({ days }));
}

describe('the life of an escrow', () => {
  it('keeps every invariant whatever happens, and replays to the same state', () => {
    fc.assert(
      fc.property(life, (asked) => {
        const world = begin(asked);
        for (const step of asked.steps) {
          run(world, step);
          checkWorld(world);
        }
        const again = replay(world.journal);
        expect(differences(rowsOf(again), rowsOf(world.state))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('replays one escrow from its own events alone', () => {
    fc.assert(
      fc.property(life, (asked) => {
        const world = begin(asked);
        for (const step of asked.steps) run(world, step);
        const listed = world.state.escrowEvents.rows(world.id).map((row) => row.seq);
        const own = replay(listed.map((seq) => present(world.journal[seq], 'an event')));
        expect(differences(own.escrows.values(), world.state.escrows.values())).toEqual([]);
        expect(differences(own.transfers.values(), world.state.transfers.values())).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('comes to an end by itself with everybody silent: nothing is trapped, nothing is lost', () => {
    fc.assert(
      fc.property(life, (asked) => {
        const world = begin(asked);
        for (const step of asked.steps) run(world, step);
        world.runUntil(latestEnd(world));
        checkWorld(world);
        expect(world.escrow.phase.kind).toBe('closed');
        const { payer, provider, author, platform, escrow, burnt } = world.ledger;
        expect(payer + provider + author + platform + escrow + burnt).toBe(0n);
        expect(escrow).toBeLessThanOrEqual(world.fee);
      }),
      { numRuns: 200 },
    );
  });

  it('is tried with everything that can happen', () => {
    const seen = new Set<string>();
    for (const asked of fc.sample(life, { numRuns: 200, seed: 3 })) {
      const world = begin(asked);
      for (const step of asked.steps) run(world, step);
      world.runUntil(latestEnd(world));
      for (const { event } of world.journal) {
        if (event.kind === 'fact-reported') seen.add(event.fact.kind);
        else if (event.kind === 'dispute-decided') seen.add(`decided by ${event.how}`);
        else seen.add(event.kind === 'ended' ? event.cause : event.kind);
      }
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...['started', 'paused', 'resumed', 'outage', 'unproven', ...CAUSES],
        ...['decided by arbiter', 'decided by agreement', 'decided by default'],
        ...['released', 'finalised', 'dust-kept', 'payouts-deferred', 'escrow-closed'],
        ...['transfer-retry', 'transfer-reconciling', 'transfer-replanned', 'transfer-failed'],
        ...['transfer-parked', 'payouts-paused', 'payouts-resumed', 'payout-account-requested'],
      ]),
    );
  });

  it('gives back everything, platform and author unpaid, if the rental never started', () => {
    const causes = fc.constantFrom(
      'renter-cancelled',
      'provider-cancelled',
      'not-provisioned',
      undefined,
    );
    fc.assert(
      fc.property(causes, fc.nat(119), (cause, minutes) => {
        const world = new EscrowWorld();
        world.deposit();
        world.wait(lasting(BigInt(minutes) * MINUTE));
        if (cause !== undefined) world.fact({ kind: 'ended', at: world.now, cause });
        world.runUntil(after(world.now, DAY));
        expect(world.escrow.books.payer.credited).toBe(world.quote.amount);
        expect(world.ledger).toMatchObject({ provider: 0n, author: 0n, platform: 0n, escrow: 0n });
        expect(world.ledger.payer).toBe(-2n * TOKEN.fee);
        expect(world.escrow.phase.kind).toBe('closed');
      }),
    );
  });

  it('absorbs in the end: no fact, dispute or tick changes a closed escrow', () => {
    const world = new EscrowWorld().start();
    world.runUntil(latestEnd(world));
    const end = world.escrow;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 10 }), (steps) => {
        const before = world.journal.length;
        for (const step of steps) {
          if (step.kind !== 'pause' && step.kind !== 'resume' && step.kind !== 'account') {
            run(world, step);
          }
        }
        expect(world.journal.length).toBe(before);
        expect(differences(world.escrow, end)).toEqual([]);
      }),
    );
  });
});
