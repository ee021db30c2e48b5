import { describe, expect, it } from 'vitest';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { present } from '@decent-cloud/domain/assert.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { JobId } from '../ids.ts';
import {
  FIRST,
  JOB,
  period,
  rentalIn,
  rentalWith,
  SECOND,
  SERVER,
  THEN,
  versionRef,
} from '../../testing/rental-states.fake.ts';
import type { RentalEffect, RentalEvent } from './rental-event.ts';
import type { Operation, Rental, RentalState } from './rental.ts';
import type { Moved } from './step.ts';
import { transition } from './transition.ts';

const SOON = after(THEN, durationNs({ seconds: 1 }));
const OPERATION: Operation = {
  kind: 'power',
  action: 'off',
  jobId: JOB,
  since: THEN,
  deadlineAt: after(THEN, durationNs({ minutes: 12 })),
};
const DEPOSIT = {
  kind: 'deposit-confirmed',
  escrowId: FIRST,
  amount: 1_000n as TokenUnits,
  block: 5n,
  deliverBy: after(THEN, durationNs({ minutes: 30 })),
} as const;

const EVENTS: Readonly<Record<RentalEvent['kind'], RentalEvent>> = {
  accepted: { kind: 'accepted' },
  'payment-refused': { kind: 'payment-refused' },
  'quote-lapsed': { kind: 'quote-lapsed', escrowId: FIRST },
  'deposit-confirmed': DEPOSIT,
  'escrow-ended': { kind: 'escrow-ended', escrowId: FIRST, by: 'dispute' },
  'escrow-settled': { kind: 'escrow-settled', escrowId: FIRST },
  'server-intended': { kind: 'server-intended', choiceIndex: 1, name: 'dc-0' },
  'server-created': { kind: 'server-created', externalId: '4712' },
  'machine-ready': { kind: 'machine-ready' },
  'provisioning-failed': { kind: 'provisioning-failed', class: 'capacity', reason: 'None left.' },
  'machine-gone': { kind: 'machine-gone' },
  'machine-lost': { kind: 'machine-lost', reason: 'It is not there any more.' },
  'operation-started': { kind: 'operation-started', operation: OPERATION },
  'power-done': { kind: 'power-done', jobId: JOB, action: 'off' },
  'keys-rotated': { kind: 'keys-rotated', jobId: JOB },
  'recipe-upgraded': { kind: 'recipe-upgraded', jobId: JOB, to: versionRef(1) },
  'recipe-rolled-back': { kind: 'recipe-rolled-back', jobId: JOB, reason: 'Not healthy.' },
  'operation-failed': { kind: 'operation-failed', jobId: JOB, reason: 'No answer.' },
  cancelled: { kind: 'cancelled', by: 'renter' },
  'version-skipped': { kind: 'version-skipped', number: 1 },
  due: { kind: 'due' },
};

const STATES: readonly RentalState['kind'][] = [
  'quoted',
  'awaiting-payment',
  'provisioning',
  'active',
  'ending',
  'closed',
];

/** In the order of `STATES`. `-`: refused; `=`: nothing; `*`: changes within the state. */
const TABLE: Readonly<Record<RentalEvent['kind'], string>> = {
  accepted: 'awaiting-payment = - = - -',
  'payment-refused': '= quoted - = - -',
  'quote-lapsed': 'forgotten closed - = = -',
  'deposit-confirmed': 'provisioning provisioning = = = -',
  'escrow-ended': '- - ending ending = -',
  'escrow-settled': '- - - = * =',
  'server-intended': '- - * - - -',
  'server-created': '- - * - - -',
  'machine-ready': '- - active - - -',
  'provisioning-failed': '- - ending - - -',
  'machine-gone': '- - - - * =',
  'machine-lost': '- - - ending - -',
  'operation-started': '- - - * - -',
  'power-done': '- - - - - -',
  'keys-rotated': '- - - - - -',
  'recipe-upgraded': '- - - - - -',
  'recipe-rolled-back': '- - - - - -',
  'operation-failed': '- - - - - -',
  cancelled: '- * ending ending = -',
  'version-skipped': '- - - * - -',
  due: '= = = = = =',
};

function outcome(rental: Rental, event: RentalEvent, at: TimestampNs): string {
  const step = transition(rental, event, at);
  if (step.kind === 'err') return '-';
  const { rental: next, effects } = step.value;
  if (effects.some(({ kind }) => kind === 'forget')) return 'forgotten';
  if (next.state.kind !== rental.state.kind) return next.state.kind;
  const { dueAt, updatedAt } = rental;
  const isSame = effects.length === 0 && isEqual({ ...next, dueAt, updatedAt }, rental);
  return isSame ? '=' : '*';
}

function isEqual(one: Rental, other: Rental): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}

function movedBy(rental: Rental, event: RentalEvent, at: TimestampNs = SOON): Moved {
  const step = transition(rental, event, at);
  if (step.kind === 'err') return expect.fail(`refused in ${step.error.state}`);
  return step.value;
}

function kinds(effects: readonly RentalEffect[]): readonly string[] {
  return effects.map((effect) => {
    if (effect.kind === 'start-job') return `start-${effect.job}`;
    if (effect.kind === 'report-fact')
      return `${effect.fact.kind} ${effect.escrowId}:${effect.seq}`;
    if (effect.kind === 'timeline') return `step ${effect.step}`;
    return effect.kind === 'notify' ? `notify ${effect.notice}` : effect.kind;
  });
}

function active(change: Partial<Extract<RentalState, { kind: 'active' }>> = {}): Rental {
  const rental = rentalIn('active');
  if (rental.state.kind !== 'active') return rental;
  return rentalWith({ ...rental, dueAt: undefined, state: { ...rental.state, ...change } });
}

describe('transition', () => {
  const rows = Object.entries(TABLE).flatMap(([kind, row]) =>
    row.split(' ').map((expected, index) => ({
      event: EVENTS[kind as RentalEvent['kind']],
      state: present(STATES[index], 'the table has a column too many'),
      expected,
    })),
  );
  it.each(rows)('$state, $event.kind: $expected', ({ state, event, expected }) => {
    expect(outcome(rentalIn(state), event, SOON)).toBe(expected);
  });

  it('has a row for every event and a column for every state', () => {
    expect(rows).toHaveLength(Object.keys(EVENTS).length * STATES.length);
  });
});

describe('an operation', () => {
  const upgrade = {
    kind: 'upgrade-recipe',
    from: versionRef(0),
    to: versionRef(1),
    jobId: JOB,
    since: THEN,
    deadlineAt: after(THEN, durationNs({ minutes: 32 })),
  } as const;

  it.each([
    [OPERATION, 'power-done', { power: 'off' }],
    [{ ...OPERATION, kind: 'rotate-ssh-keys' } as const, 'keys-rotated', { power: 'on' }],
    [upgrade, 'recipe-upgraded', { power: 'on' }],
    [upgrade, 'recipe-rolled-back', { power: 'on' }],
    [OPERATION, 'operation-failed', { power: 'on' }],
  ] as const)('%o ends by %s, once', (operation, kind, then) => {
    const { rental } = movedBy(active({ operation }), EVENTS[kind]);
    expect(rental.state).toMatchObject({ ...then, operation: undefined });
    expect(transition(rental, EVENTS[kind], SOON).kind).toBe('err');
  });

  it('ends by the result of its own job and kind only', () => {
    const rental = active({ operation: OPERATION });
    for (const kind of ['keys-rotated', 'recipe-upgraded', 'recipe-rolled-back'] as const) {
      expect(outcome(rental, EVENTS[kind], SOON)).toBe('-');
    }
    const other = { kind: 'power-done', jobId: 8 as JobId, action: 'off' } as const;
    expect(outcome(rental, other, SOON)).toBe('-');
  });

  it('is one at a time', () => {
    expect(outcome(active({ operation: OPERATION }), EVENTS['operation-started'], SOON)).toBe('-');
  });

  it('fails at its deadline, and its job is cancelled first', () => {
    const rental = active({ operation: upgrade });
    const { rental: next, effects } = movedBy(rental, { kind: 'due' }, upgrade.deadlineAt);
    expect(next.state).toMatchObject({ kind: 'active', operation: undefined });
    expect(next.deployment).toEqual(versionRef(0));
    expect(kinds(effects)).toEqual([
      'cancel-jobs',
      'keep-inputs',
      'step operation-failed',
      'notify operation-failed',
    ]);
  });

  it('changes what runs when an upgrade is done, and only then', () => {
    const rental = active({ operation: upgrade });
    expect(movedBy(rental, EVENTS['recipe-upgraded']).rental.deployment).toEqual(versionRef(1));
    expect(movedBy(rental, EVENTS['recipe-rolled-back']).rental.deployment).toEqual(versionRef(0));
  });
});

describe('a machine that is ready', () => {
  it('starts the paid time and its measuring; what only counts or tells it can wait', () => {
    const { rental, effects } = movedBy(rentalIn('provisioning'), EVENTS['machine-ready']);
    expect(rental.state).toMatchObject({ kind: 'active', since: SOON });
    expect(kinds(effects)).toEqual(['started 1:1', 'start-health', 'step ready', 'note-ready']);
    const afterNs = durationNs({ seconds: 1 });
    expect(effects.at(-1)).toEqual({ kind: 'note-ready', at: SOON, afterNs });
  });
});

describe('the look at the deadline of a machine', () => {
  it('stays when it is ready before, and plans what comes then', () => {
    const paid = rentalIn('provisioning');
    const deadline = present(paid.dueAt, 'a machine has a deadline');
    const { rental } = movedBy(paid, EVENTS['machine-ready']);
    expect(rental.dueAt).toBe(deadline);
    const looked = movedBy(rental, EVENTS.due, deadline);
    expect(looked.effects).toEqual([]);
    expect(looked.rental.dueAt).toBe(after(SOON, durationNs({ hours: 6 })));
  });

  it('is moved where something comes before it', () => {
    const paid = rentalIn('provisioning');
    const [period] = paid.periods;
    const short = { ...present(period, 'a period'), termNs: durationNs({ seconds: 30 }) };
    const { rental } = movedBy({ ...paid, periods: [short] }, EVENTS['machine-ready']);
    expect(rental.dueAt).toBe(after(SOON, durationNs({ seconds: 30 })));
  });
});

describe('the end of a rental', () => {
  it('does everything in order when a renter cancels', () => {
    const { rental, effects } = movedBy(active(), EVENTS.cancelled);
    expect(kinds(effects)).toEqual([
      'cancel-jobs',
      'end-health',
      'ended 1:2',
      'start-terminate',
      'wipe-secrets',
      'step ending',
      'notify rental-ended',
    ]);
    expect(rental.state).toMatchObject({ ending: { cause: 'renter-cancelled', at: SOON } });
  });

  it('gives everything back, and says why, when the machine cannot be made', () => {
    const { rental, effects } = movedBy(rentalIn('provisioning'), EVENTS['provisioning-failed']);
    expect(rental.state).toMatchObject({
      ending: { cause: 'not-provisioned', reason: 'None left.' },
      machineGoneAt: undefined,
    });
    expect(kinds(effects)).toContain('note-failure');
    expect(kinds(effects)).toContain('notify rental-failed');
  });

  it.each([
    ['provider', 'provider-cancelled', true],
    ['operator', 'provider-failed', false],
  ] as const)('by the %s is reported as %s', (by, cause, isNoted) => {
    const { effects } = movedBy(active(), { kind: 'cancelled', by });
    const fact = effects.find(({ kind }) => kind === 'report-fact');
    expect(fact).toMatchObject({ fact: { kind: 'ended', cause } });
    expect(kinds(effects).includes('record-cancel')).toBe(isNoted);
  });

  it('comes by the clock exactly at the end of the paid time, however late it is noticed', () => {
    const rental = rentalIn('active');
    const end = after(THEN, durationNs({ days: 30 }));
    const { rental: next, effects } = movedBy(
      rental,
      { kind: 'due' },
      after(end, durationNs({ hours: 5 })),
    );
    expect(next.state).toMatchObject({ ending: { cause: 'term-ended', at: end } });
    expect(effects.find(({ kind }) => kind === 'report-fact')).toMatchObject({ fact: { at: end } });
  });

  it('comes by the clock before anything else', () => {
    const late = after(THEN, durationNs({ minutes: 28 }));
    expect(outcome(rentalIn('provisioning'), { kind: 'machine-ready' }, late)).toBe('-');
    expect(outcome(rentalIn('provisioning'), { kind: 'due' }, late)).toBe('ending');
    const end = after(THEN, durationNs({ days: 30 }));
    expect(outcome(rentalIn('active'), EVENTS.cancelled, end)).toBe('-');
    expect(outcome(rentalIn('active'), { kind: 'due' }, end)).toBe('ending');
  });

  it('needs no machine to be deleted where nobody began to make one', () => {
    const asked = movedBy(rentalIn('awaiting-payment'), EVENTS.cancelled).rental;
    const { rental, effects } = movedBy(asked, DEPOSIT);
    expect(rental.state).toMatchObject({ kind: 'ending', machineGoneAt: SOON });
    expect(kinds(effects)).toContain('ended 1:1');
    expect(kinds(effects)).not.toContain('start-terminate');
    const ended = movedBy(rental, { kind: 'escrow-settled', escrowId: FIRST });
    expect(ended.rental.state.kind).toBe('closed');
  });

  it.each([
    ['machine-gone', 'escrow-settled'],
    ['escrow-settled', 'machine-gone'],
  ] as const)('is closed by %s and then %s', (one, other) => {
    const half = movedBy(rentalIn('ending'), EVENTS[one]);
    expect(half.rental.state.kind).toBe('ending');
    const whole = movedBy(half.rental, EVENTS[other]);
    expect(whole.rental.state.kind).toBe('closed');
    expect(whole.rental.dueAt).toBeUndefined();
    expect(kinds(whole.effects)).toContain('schedule-archive');
  });
});

describe('an extension', () => {
  const quoted = period({ escrowId: SECOND, termNs: durationNs({ days: 1 }) });
  const extended = (): Rental => {
    const rental = rentalIn('active');
    return rentalWith({ ...rental, dueAt: undefined, periods: [...rental.periods, quoted] });
  };
  const end = after(THEN, durationNs({ days: 30 }));

  it('moves the end when it is paid, and starts without a gap', () => {
    const paid = movedBy(extended(), { ...DEPOSIT, escrowId: SECOND });
    expect(paid.rental.state).toMatchObject({ endsAt: after(end, durationNs({ days: 1 })) });
    const { rental, effects } = movedBy(paid.rental, { kind: 'due' }, end);
    expect(rental.state.kind).toBe('active');
    expect(rental.periods.map(({ status, startedAt }) => [status, startedAt])).toEqual([
      ['ended', THEN],
      ['running', end],
    ]);
    expect(kinds(effects)).toEqual(['end-health', 'ended 1:2', 'started 2:1']);
  });

  it('whose payment has no answer yet is asked about whenever the rental is looked at', () => {
    const soon = after(THEN, durationNs({ seconds: 30 }));
    const asked = movedBy({ ...extended(), dueAt: soon }, { kind: 'due' }, soon);
    expect(kinds(asked.effects)).toEqual(['ask-treasury']);
    const early = movedBy(extended(), { kind: 'due' }, soon);
    expect(kinds(early.effects)).toEqual([]);
  });

  it('that is not paid changes nothing and leaves no trace', () => {
    const { rental } = movedBy(extended(), { kind: 'quote-lapsed', escrowId: SECOND });
    expect(rental.periods).toHaveLength(1);
    expect(rental.state).toEqual(rentalIn('active').state);
  });

  it('that is paid is given back whole when the rental ends before it starts', () => {
    const paid = movedBy(extended(), { ...DEPOSIT, escrowId: SECOND }).rental;
    const { effects } = movedBy(paid, EVENTS.cancelled);
    const facts = effects.filter((effect) => effect.kind === 'report-fact');
    expect(facts.map(({ fact }) => fact)).toMatchObject([
      { cause: 'renter-cancelled' },
      { cause: 'not-provisioned' },
    ]);
  });

  it('that is paid too late is given back whole and keeps the rental from closing', () => {
    const over = movedBy(
      movedBy(extended(), EVENTS.cancelled).rental,
      EVENTS['machine-gone'],
    ).rental;
    const half = movedBy(over, EVENTS['escrow-settled']).rental;
    expect(half.state).toMatchObject({ kind: 'ending', moneySettledAt: undefined });
    const { rental, effects } = movedBy(half, { ...DEPOSIT, escrowId: SECOND });
    expect(kinds(effects)).toEqual(['ended 2:1']);
    const closed = movedBy(rental, { kind: 'escrow-settled', escrowId: SECOND }).rental;
    expect(closed.state.kind).toBe('closed');
  });
});

describe('a server', () => {
  it('is on record from the intent until it is confirmed gone', () => {
    const paid = rentalWith({ ...rentalIn('provisioning'), dueAt: undefined, server: undefined });
    const intended = movedBy(paid, EVENTS['server-intended']).rental;
    expect(intended).toMatchObject({ choiceIndex: 1, server: { name: 'dc-0', intendedAt: SOON } });
    const ended = movedBy(intended, EVENTS.cancelled).rental;
    expect(ended.server).toMatchObject({ name: 'dc-0' });
    expect(movedBy(ended, { kind: 'machine-gone' }).rental.server).toBeUndefined();
  });

  it('must be there before it can be ready', () => {
    for (const server of [undefined, { ...SERVER, externalId: undefined }]) {
      const rental = rentalWith({ ...rentalIn('provisioning'), dueAt: undefined, server });
      expect(outcome(rental, { kind: 'machine-ready' }, SOON)).toBe('-');
    }
  });
});

describe('what the clock asks for', () => {
  it('is told a day and an hour before the end', () => {
    const end = after(THEN, durationNs({ days: 30 }));
    let rental = rentalIn('active');
    const told: bigint[] = [];
    while (rental.state.kind === 'active') {
      const at = present(rental.dueAt, 'an active rental is looked at');
      const { rental: next, effects } = movedBy(rental, { kind: 'due' }, at);
      if (kinds(effects).includes('notify rental-ending-soon')) told.push(end - at);
      rental = next;
    }
    expect(told).toEqual([durationNs({ days: 1 }), durationNs({ hours: 1 })]);
  });

  it('asks about an active rental every six hours', () => {
    const { effects, rental } = movedBy(
      rentalIn('active'),
      { kind: 'due' },
      after(THEN, durationNs({ hours: 6 })),
    );
    expect(kinds(effects)).toEqual(['ask-treasury']);
    expect(rental.dueAt).toBe(after(THEN, durationNs({ hours: 12 })));
  });

  it('is not lost when something else happens at the moment that it is due', () => {
    const due = after(THEN, durationNs({ hours: 6 }));
    const { rental } = movedBy(
      rentalIn('active'),
      EVENTS['version-skipped'],
      after(due, durationNs({ seconds: 5 })),
    );
    expect(rental.dueAt).toBe(due);
  });

  it('raises an alarm when a machine is not gone after an hour, and each day', () => {
    let rental = rentalIn('ending');
    const alarms: bigint[] = [];
    for (let looks = 0; looks < 200; looks += 1) {
      const at = present(rental.dueAt, 'an ending rental is looked at');
      if (at > after(THEN, durationNs({ hours: 60 }))) break;
      const { rental: next, effects } = movedBy(rental, { kind: 'due' }, at);
      if (kinds(effects).includes('notify deletion-delayed')) alarms.push(at - THEN);
      rental = next;
    }
    expect(alarms).toEqual([1, 25, 49].map((hours) => durationNs({ hours })));
  });
});
