import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs, elapsed } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { NotificationId } from '../../core/ids.ts';
import type { Notification } from '../../core/notifications/notification.ts';
import { actingAgent, isPlatformAgent } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { refuse, type RentalError } from '../rental-errors.ts';

const MAX_CLAIM = 50;
/** Whoever claims and dies has them claimed by another after this long. */
const CLAIM_NS = durationNs({ minutes: 2 });
/** Later it is only in the mailbox: nobody wants week-old news sent. */
const DELIVERED_WITHIN_NS = durationNs({ days: 7 });

/** A notification on its way, with where it goes. */
export interface OutgoingNotice {
  readonly notification: Notification;
  /** Empty for none. */
  readonly email: string;
}

/**
 * Gives notices to a platform agent to deliver, the oldest first, and to nobody else for two minutes.
 * What is not acknowledged by then is given out again, so delivering is at least once; the number of a
 * notice tells a repetition.
 */
export function claimNotices(
  c: RentalCanister,
  max: number,
): Result<readonly OutgoingNotice[], RentalError> {
  if (max < 1 || max > MAX_CLAIM) {
    return invalidArgument({ argument: 'max', rule: `must be between 1 and ${MAX_CLAIM}` });
  }
  const agent = requireNotifier(c);
  if (agent.kind === 'err') return agent;
  const { notifications, outbox } = c.storage.notifications;
  const now = c.runtime.time();
  const claimed: OutgoingNotice[] = [];
  for (const { id, dueAtNs } of outbox.due(now, max)) {
    outbox.cancel(id, dueAtNs);
    const kept = notifications.get(id);
    if (kept === undefined) continue;
    const { notification } = kept;
    const account = c.storage.accounts.accounts.get(notification.recipient);
    const isLate = elapsed(notification.at, now) > DELIVERED_WITHIN_NS;
    const outboxAt = account === undefined || isLate ? undefined : after(now, CLAIM_NS);
    notifications.set(id, { ...kept, outboxAt });
    if (account === undefined || outboxAt === undefined) continue;
    outbox.schedule(id, outboxAt);
    claimed.push({ notification, email: account.preferences.email });
  }
  return ok(claimed);
}

/** What was delivered, or surely never can be, leaves the outbox. Doing it again changes nothing. */
export function ackNotices(
  c: RentalCanister,
  ids: readonly NotificationId[],
): Result<null, RentalError> {
  if (ids.length > MAX_CLAIM) {
    const rule = `at most ${MAX_CLAIM} at once; nothing was acknowledged`;
    return invalidArgument({ argument: 'ids', rule });
  }
  const agent = requireNotifier(c);
  if (agent.kind === 'err') return agent;
  const { notifications, outbox } = c.storage.notifications;
  for (const id of ids) {
    const kept = notifications.get(id);
    if (kept?.outboxAt === undefined) continue;
    outbox.cancel(id, kept.outboxAt);
    notifications.set(id, { ...kept, outboxAt: undefined });
  }
  return ok(null);
}

/** Notices carry addresses of people of all sellers, so no seller's agent may have them. */
function requireNotifier(c: RentalCanister): Result<null, RentalError> {
  const agent = actingAgent(c);
  if (agent.kind === 'err') return agent;
  if (isPlatformAgent(c, agent.value)) return ok(null);
  const message =
    'Only an agent of the platform delivers notices. Nothing was done: ' +
    'ask a controller to name this agent in set_settings.';
  return refuse({ kind: 'not-allowed' }, message);
}
