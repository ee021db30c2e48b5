import {
  after,
  durationNs,
  elapsed,
  type DurationNs,
  type TimestampNs,
} from '@decent-cloud/domain/time.ts';
import { endOf, runningOf } from './periods.ts';
import type { Rental, RentalState } from './rental.ts';

/** After it a quote can surely not be paid any more, whatever the clocks say. */
const QUOTE_MARGIN_NS = durationNs({ minutes: 1 });
const FIRST_ASK_NS = durationNs({ seconds: 30 });
const PAYMENT_ASK_NS = durationNs({ minutes: 10 });
/** A decided dispute is noticed so late at most; the longest wait for settled money, too. */
const LAST_ASK_NS = durationNs({ hours: 6 });
/** A machine that is not gone after that raises an alarm, and again each day. */
const DELETION_ALARM_NS = durationNs({ hours: 1 });
const ALARM_AGAIN_NS = durationNs({ days: 1 });
const NOTICES_BEFORE_END: readonly DurationNs[] = [
  durationNs({ days: 1 }),
  durationNs({ hours: 1 }),
];

/** More than a rental has periods that can be over at once. */
export const MAX_CLOCK_STEPS = 40;

type Active = Extract<RentalState, { readonly kind: 'active' }>;
type Ending = Extract<RentalState, { readonly kind: 'ending' }>;

/** When the canister looks at a rental next by itself; undefined when nothing can happen any more. */
export function nextDue(rental: Rental, at: TimestampNs): TimestampNs | undefined {
  const { state } = rental;
  switch (state.kind) {
    case 'quoted':
      return quoteAskAt(state.expiresAt, at);
    case 'awaiting-payment':
      return askAgain({ since: state.since, at, atMostNs: PAYMENT_ASK_NS });
    case 'provisioning':
      return state.deadlineAt;
    case 'active':
      return earliest(activeAgenda(rental, state, at));
    case 'ending':
      return earliest(endingAgenda(state, at));
    case 'closed':
      return undefined;
  }
}

/**
 * True once the clock has decided what comes next: the time to deliver, or the paid period, is over.
 * Nothing else may happen to the rental before that is done.
 */
export function isOverdue({ state, periods }: Rental, at: TimestampNs): boolean {
  if (state.kind === 'provisioning') return state.deadlineAt <= at;
  const running = state.kind === 'active' ? runningOf(periods) : undefined;
  return running !== undefined && endOf(running) <= at;
}

/** Moments at which people are told that the paid time ends. */
export function noticeTimes({ since, endsAt }: Active): readonly TimestampNs[] {
  return NOTICES_BEFORE_END.map((before) => (endsAt - before) as TimestampNs).filter(
    (time) => time > since,
  );
}

/** True if the treasury is to be asked about an active rental at some time in between. */
export function isAskDue(
  { periods }: Rental,
  state: Active,
  span: { readonly from: TimestampNs; readonly to: TimestampNs },
): boolean {
  if (nextRound(state, (span.from - 1n) as TimestampNs) <= span.to) return true;
  // An extension may be paid by now: a payment without an answer is looked at early.
  return span.from <= span.to && periods.some(({ status }) => status === 'quoted');
}

/** When a machine that is still not gone raises the next alarm. */
export function alarmAt({ since }: Ending, at: TimestampNs): TimestampNs {
  const first = after(since, DELETION_ALARM_NS);
  if (first > at) return first;
  const rounds = (at - first) / ALARM_AGAIN_NS + 1n;
  return after(first, (rounds * ALARM_AGAIN_NS) as DurationNs);
}

function activeAgenda(
  rental: Rental,
  state: Active,
  at: TimestampNs,
): readonly (TimestampNs | undefined)[] {
  const running = runningOf(rental.periods);
  const quoted = rental.periods.filter(({ status }) => status === 'quoted');
  return [
    running === undefined ? undefined : endOf(running),
    state.operation?.deadlineAt,
    ...noticeTimes(state).filter((time) => time > at),
    nextRound(state, at),
    ...quoted.map(({ quoteExpiresAt }) => quoteAskAt(quoteExpiresAt, at)),
  ];
}

/** The first look at the treasury after `at`. Nothing is stored about looks: they are on a grid. */
function nextRound({ since }: Active, at: TimestampNs): TimestampNs {
  const rounds = elapsed(since, at) / LAST_ASK_NS + 1n;
  return after(since, (rounds * LAST_ASK_NS) as DurationNs);
}

function endingAgenda(state: Ending, at: TimestampNs): readonly (TimestampNs | undefined)[] {
  const { since, machineGoneAt, moneySettledAt } = state;
  return [
    machineGoneAt === undefined ? alarmAt(state, at) : undefined,
    moneySettledAt === undefined ? askAgain({ since, at, atMostNs: LAST_ASK_NS }) : undefined,
  ];
}

function quoteAskAt(expiresAt: TimestampNs, at: TimestampNs): TimestampNs {
  const since = after(expiresAt, QUOTE_MARGIN_NS);
  return since > at ? since : askAgain({ since, at, atMostNs: PAYMENT_ASK_NS });
}

/** The longer it takes, the more rarely: every time after half as long again. */
function askAgain(ask: {
  readonly since: TimestampNs;
  readonly at: TimestampNs;
  readonly atMostNs: DurationNs;
}): TimestampNs {
  const { since, at, atMostNs } = ask;
  const waitNs = (elapsed(since, at) / 2n) as DurationNs;
  if (waitNs < FIRST_ASK_NS) return after(at, FIRST_ASK_NS);
  return after(at, waitNs < atMostNs ? waitNs : atMostNs);
}

function earliest(times: readonly (TimestampNs | undefined)[]): TimestampNs | undefined {
  let first: TimestampNs | undefined;
  for (const time of times) {
    if (time !== undefined && (first === undefined || time < first)) first = time;
  }
  return first;
}
