import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs, elapsed } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import { checksText } from '../../core/health/checks-text.ts';
import {
  NOTHING_SEEN,
  takeFlip,
  type Check,
  type Flip,
  type FlipOutcome,
} from '../../core/health/machine-status.ts';
import { slotAt } from '../../core/health/slots.ts';
import { noticeWords } from '../../core/notifications/words.ts';
import { actingAgent, agentMay, isPlatformAgent } from '../accounts/callers.ts';
import { addStep } from '../jobs/job-queue.ts';
import { notify } from '../notifications/notify.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';
import { CLOCK_TOLERANCE_NS } from './report-health.flow.ts';

const MAX_CHECKS = 8;
const MAX_CHECK_LENGTH = 200;
/** What is older is in the slots. */
const MAX_AGE_NS = durationNs({ hours: 1 });
const MAX_NEXT_CHECK_NS = durationNs({ days: 1 });

export interface FlipReport extends Flip {
  readonly rentalId: RentalId;
}

/** `excluded`: it is off, or being worked on, by the renter's order. */
export type FlipResult = FlipOutcome['kind'] | 'excluded';

/**
 * Takes in that a machine went down or came up. A change is told to the renter and stands in the
 * timeline at once; money follows the slots of `reportHealth`.
 */
export function reportFlip(c: RentalCanister, report: FlipReport): Result<FlipResult, RentalError> {
  const problem = problemOf(c, report);
  if (problem !== undefined) return invalidArgument(problem);
  const agent = actingAgent(c);
  if (agent.kind === 'err') return agent;
  const { rentalId, ...flip } = report;
  const { watches, statuses } = c.storage.health;
  const watch = watches.get(rentalId);
  if (watch === undefined || watch.endSlot !== undefined) {
    return refuse({ kind: 'not-found' }, 'There is no such rental that runs. Stop checking it.');
  }
  if (!agentMay(c, { agent: agent.value, provider: watch.provider, scope: 'health' })) {
    const text =
      'This agent may not report health for that seller. Ask the seller for a new grant.';
    return refuse({ kind: 'not-allowed' }, text);
  }
  if (!flip.isUp && watch.excludedFrom !== undefined) return ok('excluded');
  const before = statuses.get(rentalId) ?? NOTHING_SEEN;
  const outcome = takeFlip(before, flip, isPlatformAgent(c, agent.value));
  if (outcome.kind !== 'taken') return ok(outcome.kind);
  statuses.set(rentalId, outcome.status);
  tell(c, { rentalId, flip, before: before.flip });
  return ok('taken');
}

function problemOf(
  c: RentalCanister,
  { at, checks, nextCheck }: Flip,
): { readonly argument: string; readonly rule: string } | undefined {
  const now = c.runtime.time();
  if (at > after(now, CLOCK_TOLERANCE_NS) || elapsed(at, now) > MAX_AGE_NS) {
    return { argument: 'at_ns', rule: 'must be within the last hour' };
  }
  if (nextCheck < at || elapsed(at, nextCheck) > MAX_NEXT_CHECK_NS) {
    return { argument: 'next_check_ns', rule: 'must be after at_ns, at most a day' };
  }
  if (checks.length < 1 || checks.length > MAX_CHECKS || !checks.every(isShort)) {
    const rule = `must be 1 to ${MAX_CHECKS}, each text at most ${MAX_CHECK_LENGTH} characters`;
    return { argument: 'checks', rule };
  }
  return undefined;
}

function isShort({ what, result }: Check): boolean {
  return what.length <= MAX_CHECK_LENGTH && result.length <= MAX_CHECK_LENGTH;
}

/** In the timeline, and to the renter at most once in five minutes each way. */
function tell(
  c: RentalCanister,
  change: {
    readonly rentalId: RentalId;
    readonly flip: Flip;
    readonly before: Flip | undefined;
  },
): void {
  const { rentalId, flip, before } = change;
  const check = checksText(flip);
  addStep(c, rentalId, { step: flip.isUp ? 'up' : 'down', note: check });
  const { rentals, terms } = c.storage.rentals;
  const recipient = present(rentals.get(rentalId), 'a rental that is not stored').renter;
  const title = present(terms.get(rentalId), 'a rental without terms').offeringTitle;
  const kind = flip.isUp ? 'rental-up' : 'rental-down';
  const words = flip.isUp
    ? noticeWords('rental-up', { rentalId, title, downNs: elapsed(before?.at ?? flip.at, flip.at) })
    : noticeWords('rental-down', { rentalId, title, since: flip.at, check });
  const eventKey = `${kind}:${rentalId}:${slotAt(flip.at)}`;
  notify(c, { recipient, kind, rentalId, ...words, eventKey });
}
