import { elapsed } from '@decent-cloud/domain/time.ts';
import { cancelledEarly, ENDINGS, notDelivered } from './ending-words.ts';
import { endRental } from './end-rental.ts';
import { endOf, periodOf, withPeriod } from './periods.ts';
import type { Ending, Rental } from './rental.ts';
import { moved, unchanged, wrongState, type In, type Moving, type Step } from './step.ts';

/** `provisioning`: paid, and a job makes the machine until the deadline. */
export function fromProvisioning(rental: Rental, state: In<'provisioning'>, moving: Moving): Step {
  const { event, at } = moving;
  const end = (why: Pick<Ending, 'cause' | 'reason'>, isFailedRun: boolean) =>
    endRental(rental, {
      ending: { ...why, at },
      now: at,
      hadHealth: false,
      hadJobs: true,
      isFailedRun,
    });
  switch (event.kind) {
    case 'server-intended':
    case 'server-created':
      return withServer(rental, { ...moving, event });
    case 'machine-ready':
      return activated(rental, state, moving);
    case 'provisioning-failed':
      return end(notDelivered(event.reason), true);
    case 'cancelled':
      return end(cancelledEarly(event.by), event.by === 'provider');
    case 'escrow-ended': {
      const period = periodOf(rental, event.escrowId);
      if (period === undefined) return wrongState(rental);
      const periods = withPeriod(rental.periods, event.escrowId, { status: 'ended' });
      return endRental(
        { ...rental, periods },
        {
          ending: { ...ENDINGS.notReadyInTime, at },
          now: at,
          hadHealth: false,
          hadJobs: true,
          isFailedRun: true,
        },
      );
    }
    case 'deposit-confirmed':
      return isPaid(rental, event.escrowId) ? unchanged(rental) : wrongState(rental);
    case 'due':
      return state.deadlineAt <= at ? end(ENDINGS.notReadyInTime, true) : unchanged(rental);
    default:
      return wrongState(rental);
  }
}

type ServerEvent = Extract<Moving['event'], { kind: 'server-intended' | 'server-created' }>;

/** From the intent on a server may exist; until it is confirmed gone the record stays. */
function withServer(rental: Rental, { event, at }: Moving<ServerEvent>): Step {
  const { server } = rental;
  if (event.kind === 'server-intended') {
    const { name, choiceIndex } = event;
    const isKnown = server?.name === name && rental.choiceIndex === choiceIndex;
    if (isKnown) return unchanged(rental);
    const intendedAt = server?.intendedAt ?? at;
    return moved(rental, { choiceIndex, server: { name, externalId: undefined, intendedAt } });
  }
  const { externalId } = event;
  if (server === undefined) return wrongState(rental);
  if (server.externalId === externalId) return unchanged(rental);
  return moved(rental, { server: { ...server, externalId } }, [
    { kind: 'timeline', step: 'server-created', note: '' },
  ]);
}

/** The health gate passed: from now on the deposit vests and the machine is measured. */
function activated(rental: Rental, paid: In<'provisioning'>, { at }: Moving): Step {
  const [first] = rental.periods;
  if (first?.status !== 'paid' || rental.server?.externalId === undefined) {
    return wrongState(rental);
  }
  const seq = first.factSeq + 1;
  const running = { ...first, status: 'running', startedAt: at, factSeq: seq } as const;
  const state = {
    kind: 'active',
    since: at,
    endsAt: endOf(running),
    power: 'on',
    operation: undefined,
  } as const;
  return moved(rental, { state, periods: [running, ...rental.periods.slice(1)] }, [
    { kind: 'report-fact', escrowId: first.escrowId, seq, fact: { kind: 'started', at } },
    { kind: 'start-health', at },
    { kind: 'timeline', step: 'ready', note: '' },
    { kind: 'note-ready', at, afterNs: elapsed(paid.since, at) },
  ]);
}

function isPaid(rental: Rental, escrowId: Parameters<typeof periodOf>[1]): boolean {
  return periodOf(rental, escrowId)?.status === 'paid';
}
