import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { after, durationNs, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { EscrowId, JobId } from '../ids.ts';
import { period, rentalWith, THEN, versionRef } from '../../testing/rental-states.fake.ts';
import { withQuote } from './new-rental.ts';
import { endOf, runningOf } from './periods.ts';
import type { RentalEffect, RentalEvent } from './rental-event.ts';
import type { Period, Rental, RentalState } from './rental.ts';
import type { Moved } from './step.ts';
import { transition } from './transition.ts';

/** The arrows of the diagram. */
const ARROWS: Readonly<Record<RentalState['kind'], readonly RentalState['kind'][]>> = {
  quoted: ['awaiting-payment', 'provisioning'],
  'awaiting-payment': ['quoted', 'provisioning', 'ending', 'closed'],
  provisioning: ['active', 'ending'],
  active: ['ending'],
  ending: ['closed'],
  closed: [],
};

const escrowId = fc.integer({ min: 1, max: 4 }).map((id) => id as EscrowId);
const jobId = fc.integer({ min: 1, max: 3 }).map((id) => id as JobId);
const reason = fc.constant('It did not work.');
const powerAction = fc.constantFrom('on', 'off', 'reboot');

type Wish =
  | { readonly kind: 'event'; readonly event: (at: TimestampNs) => RentalEvent }
  | { readonly kind: 'extend'; readonly escrowId: EscrowId }
  | { readonly kind: 'pass'; readonly byNs: DurationNs }
  | { readonly kind: 'clock' };

const fixed = (event: RentalEvent) => () => event;
const operation = fc
  .record({ jobId, kind: fc.constantFrom('power', 'rotate', 'upgrade') })
  .map((wish) => (at: TimestampNs): RentalEvent => {
    const of = { jobId: wish.jobId, since: at, deadlineAt: after(at, durationNs({ minutes: 12 })) };
    const upgrade = { kind: 'upgrade-recipe', from: versionRef(0), to: versionRef(1) } as const;
    if (wish.kind === 'upgrade')
      return { kind: 'operation-started', operation: { ...of, ...upgrade } };
    return {
      kind: 'operation-started',
      operation:
        wish.kind === 'power'
          ? { ...of, kind: 'power', action: 'off' }
          : { ...of, kind: 'rotate-ssh-keys' },
    };
  });
const deposit = escrowId.map((id) => (at: TimestampNs): RentalEvent => ({
  kind: 'deposit-confirmed',
  escrowId: id,
  amount: 1_000n as TokenUnits,
  block: 1n,
  deliverBy: after(at, durationNs({ minutes: 30 })),
}));
const plainEvent: fc.Arbitrary<RentalEvent> = fc.oneof(
  fc.constantFrom<RentalEvent>(
    { kind: 'accepted' },
    { kind: 'payment-refused' },
    { kind: 'machine-ready' },
    { kind: 'machine-gone' },
    { kind: 'due' },
    { kind: 'version-skipped', number: 1 },
    { kind: 'provisioning-failed', class: 'config', reason: 'It did not work.' },
    { kind: 'machine-lost', reason: 'It is gone.' },
  ),
  escrowId.map((id): RentalEvent => ({ kind: 'quote-lapsed', escrowId: id })),
  fc
    .tuple(escrowId, fc.constantFrom('term', 'dispute', 'deadline'))
    .map(([id, by]): RentalEvent => ({ kind: 'escrow-ended', escrowId: id, by })),
  escrowId.map((id): RentalEvent => ({ kind: 'escrow-settled', escrowId: id })),
  fc
    .tuple(fc.nat(3), fc.constantFrom('dc-0', 'dc-1'))
    .map(([choiceIndex, name]): RentalEvent => ({ kind: 'server-intended', choiceIndex, name })),
  fc
    .constantFrom('1', '2')
    .map((externalId): RentalEvent => ({ kind: 'server-created', externalId })),
  fc
    .tuple(jobId, powerAction)
    .map(([id, action]): RentalEvent => ({ kind: 'power-done', jobId: id, action })),
  jobId.map((id): RentalEvent => ({ kind: 'keys-rotated', jobId: id })),
  jobId.map((id): RentalEvent => ({ kind: 'recipe-upgraded', jobId: id, to: versionRef(1) })),
  fc
    .tuple(jobId, reason)
    .map(([id, why]): RentalEvent => ({ kind: 'recipe-rolled-back', jobId: id, reason: why })),
  fc
    .tuple(jobId, reason)
    .map(([id, why]): RentalEvent => ({ kind: 'operation-failed', jobId: id, reason: why })),
  fc
    .constantFrom('renter', 'provider', 'operator')
    .map((by): RentalEvent => ({ kind: 'cancelled', by })),
);
/** Mostly what could be next, so that lives are long; then anything at all. */
const wish: fc.Arbitrary<Wish> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom<RentalEvent>(
        { kind: 'accepted' },
        { kind: 'server-intended', choiceIndex: 0, name: 'dc-0' },
        { kind: 'server-created', externalId: '1' },
        { kind: 'machine-ready' },
      )
      .map((event) => ({ kind: 'event', event: fixed(event) }) as const),
  },
  { weight: 3, arbitrary: deposit.map((event) => ({ kind: 'event', event }) as const) },
  { weight: 2, arbitrary: operation.map((event) => ({ kind: 'event', event }) as const) },
  {
    weight: 3,
    arbitrary: plainEvent.map((event) => ({ kind: 'event', event: fixed(event) }) as const),
  },
  { weight: 2, arbitrary: escrowId.map((id) => ({ kind: 'extend', escrowId: id }) as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'clock' } as const) },
  {
    weight: 3,
    arbitrary: fc
      .oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 200_000 }))
      .map((seconds) => ({ kind: 'pass', byNs: durationNs({ seconds }) }) as const),
  },
);

/** One rental through its life, judged at every step. */
class Life {
  rental: Rental = rentalWith({ periods: [period({ termNs: durationNs({ days: 3 }) })] });
  now: TimestampNs = THEN;
  isForgotten = false;
  /** Facts of each escrow, in order. */
  readonly facts = new Map<EscrowId, string[]>();
  isDeleteAsked = false;
  isWiped = false;

  get isOver(): boolean {
    return this.isForgotten || this.rental.state.kind === 'closed';
  }

  tell(event: RentalEvent): void {
    const before = this.rental;
    const step = transition(before, event, this.now);
    if (step.kind === 'err') return;
    this.judge(before, step.value);
    this.rental = step.value.rental;
    const again = transition(this.rental, event, this.now);
    if (again.kind === 'ok') judgeRepeat(event, again.value, this.rental);
  }

  /** As the canister does it: nothing is quoted to what is not active. */
  extend(id: EscrowId): void {
    const { state, periods } = this.rental;
    const isTaken = periods.some((one) => one.escrowId === id);
    if (state.kind !== 'active' || isTaken || state.endsAt <= this.now) return;
    const expiresAt = after(this.now, durationNs({ minutes: 10 }));
    const quote = {
      escrowId: id,
      amount: 1n as TokenUnits,
      ledgerFee: 1n as TokenUnits,
      tokenPriceUsdE8: 1n as UsdE8,
      priceAt: this.now,
      expiresAt,
    };
    this.rental = withQuote(this.rental, { quote, termNs: durationNs({ days: 2 }), at: this.now });
  }

  private judge(before: Rental, { rental, effects }: Moved): void {
    const [from, to] = [before.state.kind, rental.state.kind];
    if (from !== to) expect(ARROWS[from]).toContain(to);
    if (effects.some(({ kind }) => kind === 'forget')) {
      this.isForgotten = true;
      expect(from).toBe('quoted');
      return;
    }
    expect(rental.periods.filter(({ status }) => status === 'running')).toHaveLength(
      to === 'active' ? 1 : 0,
    );
    expect(rental.dueAt === undefined).toBe(to === 'closed');
    if (before.server !== undefined && rental.server === undefined) expect(from).toBe('ending');
    for (const effect of effects) this.judgeEffect(effect);
    for (const { escrowId: id, factSeq } of rental.periods) {
      expect(factSeq).toBe(this.facts.get(id)?.length ?? 0);
    }
    if (to === 'closed' && from !== 'closed') this.judgeClosed(before, rental);
    if (from !== to && to === 'ending') {
      const asked = effects.filter((one) => one.kind === 'start-job' && one.job === 'terminate');
      expect(asked).toHaveLength(from === 'awaiting-payment' ? 0 : 1);
      expect(effects.some(({ kind }) => kind === 'wipe-secrets')).toBe(true);
    }
  }

  private judgeEffect(effect: RentalEffect): void {
    if (effect.kind === 'start-job' && effect.job === 'terminate') {
      expect(this.isDeleteAsked).toBe(false);
      this.isDeleteAsked = true;
    }
    if (effect.kind !== 'report-fact') return;
    const told = this.facts.get(effect.escrowId) ?? [];
    expect(effect.seq).toBe(told.length + 1);
    expect(told).not.toContain('ended');
    expect(effect.fact.kind === 'started').toBe(told.length === 0 && effect.fact.kind !== 'ended');
    if (effect.fact.kind !== 'unproven' && effect.fact.kind !== 'outage') {
      expect(effect.fact.at <= this.now).toBe(true);
    }
    this.facts.set(effect.escrowId, [...told, effect.fact.kind]);
  }

  private judgeClosed(before: Rental, rental: Rental): void {
    for (const { status } of rental.periods) expect(['settled', 'lapsed']).toContain(status);
    expect(rental.server).toBeUndefined();
    if (before.state.kind === 'awaiting-payment') {
      expect(rental.periods.every(({ status }) => status === 'lapsed')).toBe(true);
    }
  }
}

/** Told twice, nothing is reported, made or deleted twice. */
function judgeRepeat(event: RentalEvent, { effects, rental }: Moved, before: Rental): void {
  const doing = effects.filter(({ kind }) =>
    [
      ...['report-fact', 'start-job', 'note-ready', 'note-failure', 'start-health'],
      ...['wipe-secrets', 'forget'],
    ].includes(kind),
  );
  // Several paid periods may be over at once: each look at the clock ends one of them.
  const running = runningOf(before.periods);
  const isBehind =
    event.kind === 'due' && running !== undefined && endOf(running) <= rental.updatedAt;
  const isForgotten = event.kind === 'quote-lapsed' && before.state.kind === 'quoted';
  if (!isBehind && !isForgotten) expect(doing).toEqual([]);
}

function live(life: Life, wishes: readonly Wish[]): void {
  for (const one of wishes) {
    if (life.isOver) return;
    if (one.kind === 'event') life.tell(one.event(life.now));
    if (one.kind === 'extend') life.extend(one.escrowId);
    if (one.kind === 'pass') life.now = after(life.now, one.byNs);
    if (one.kind === 'clock') {
      life.now = later(life.now, life.rental.dueAt ?? life.now);
      life.tell({ kind: 'due' });
    }
  }
}

function later(one: TimestampNs, other: TimestampNs): TimestampNs {
  return one > other ? one : other;
}

/**
 * From here on nobody does anything: time passes, the treasury settles what ended (two days later) and
 * lapses what was not paid, and the delete job finds the machine gone after a while.
 */
function onlyTimePasses(life: Life): number {
  const settledAfter = new Map<EscrowId, TimestampNs>();
  let goneAt: TimestampNs | undefined;
  let looks = 0;
  for (; !life.isOver && looks < 5_000; looks += 1) {
    life.now = later(life.now, present(life.rental.dueAt, 'every state has a deadline'));
    const before = transition(life.rental, { kind: 'due' }, life.now);
    const isAsked =
      before.kind === 'ok' && before.value.effects.some(({ kind }) => kind === 'ask-treasury');
    life.tell({ kind: 'due' });
    if (life.isDeleteAsked) goneAt ??= after(life.now, durationNs({ minutes: 2 }));
    if (goneAt !== undefined && goneAt <= life.now) life.tell({ kind: 'machine-gone' });
    if (isAsked) for (const one of life.rental.periods) answer(life, one, settledAfter);
  }
  return looks;
}

function answer(life: Life, one: Period, settledAfter: Map<EscrowId, TimestampNs>): void {
  const { escrowId: id, status } = one;
  if (status === 'quoted') {
    if (one.quoteExpiresAt <= life.now) life.tell({ kind: 'quote-lapsed', escrowId: id });
  } else if (status === 'ended') {
    const at = settledAfter.get(id) ?? after(life.now, durationNs({ days: 2 }));
    settledAfter.set(id, at);
    if (at <= life.now) life.tell({ kind: 'escrow-settled', escrowId: id });
  }
}

const wishes = fc.array(wish, { maxLength: 60, size: 'max' });

describe('the life of a rental', () => {
  it('keeps to the arrows and the invariants whatever happens, in any order and twice', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(wishes, (all) => {
        const life = new Life();
        live(life, all);
        reached.add(life.rental.state.kind);
      }),
      { numRuns: 3_000 },
    );
    expect([...reached].sort()).toEqual(Object.keys(ARROWS).sort());
  });

  it('ends when only time passes, wherever it was', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(wishes, (all) => {
        const life = new Life();
        live(life, all);
        onlyTimePasses(life);
        expect(life.isOver).toBe(true);
        ends.add(life.isForgotten ? 'forgotten' : life.rental.state.kind);
      }),
      { numRuns: 1_000 },
    );
    expect([...ends].sort()).toEqual(['closed', 'forgotten']);
  });

  it('never closes while the machine may be there or the treasury has money', () => {
    fc.assert(
      fc.property(wishes, (all) => {
        const life = new Life();
        // Nobody ever confirms that the machine is gone.
        live(
          life,
          all.filter((one) => one.kind !== 'event' || one.event(THEN).kind !== 'machine-gone'),
        );
        if (life.isDeleteAsked) expect(life.rental.state.kind).toBe('ending');
      }),
      { numRuns: 1_000 },
    );
  });
});
