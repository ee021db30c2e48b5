import { present } from '@decent-cloud/domain/assert.ts';
import type { AccountId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { Account } from '../../core/accounts/account.ts';
import type { NotificationId } from '../../core/ids.ts';
import type { Notification } from '../../core/notifications/notification.ts';
import type { KeptNotification } from '../../storage/notifications/notifications-storage.ts';
import { actingAccount, callerAccount } from '../accounts/callers.ts';
import { checkLimit, refuseGone, type IdPageRequest } from '../page-of-ids.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { emptyMailbox, isUnread, MAILBOX_SIZE } from './mailbox.ts';

const MAX_MARKED = 50;

export interface NotificationPage {
  readonly rows: readonly Notification[];
  readonly next: NotificationId | undefined;
  readonly unread: number;
}

/** The caller's notifications, newest first; `from` is what the page before gave as `next`. */
export function myNotifications(
  c: RentalCanister,
  request: IdPageRequest<NotificationId>,
): Result<NotificationPage, RentalError> {
  const { limit } = request;
  const checked = checkLimit(limit);
  if (checked.kind === 'err') return checked;
  const account = callerAccount(c);
  if (account.kind === 'err') return account;
  const recipient = account.value.id;
  const { mailboxes } = c.storage.notifications;
  const mailbox = mailboxes.get(recipient) ?? emptyMailbox();
  const first = request.from === undefined ? mailbox.next - 1 : seqOf(c, recipient, request.from);
  if (first === undefined) return refuseGone();
  const end = Math.max(first - limit, mailbox.next - MAILBOX_SIZE - 1, -1);
  const rows: Notification[] = [];
  for (let seq = first; seq > end; seq -= 1) {
    const kept = keptAt(c, recipient, seq);
    rows.push({ ...kept.notification, isRead: !isUnread(kept, mailbox) });
  }
  const hasMore = end >= 0 && end >= mailbox.next - MAILBOX_SIZE;
  const next = hasMore ? keptAt(c, recipient, end).notification.id : undefined;
  return ok({ rows, next, unread: mailbox.unread });
}

/**
 * Marks notifications of the caller as read, or all of them without `ids`. Numbers that are not in the
 * caller's mailbox, because they are old or another's, change nothing. Gives how many are unread.
 */
export function markRead(
  c: RentalCanister,
  ids: readonly NotificationId[] | undefined,
): Result<number, RentalError> {
  if (ids !== undefined && ids.length > MAX_MARKED) {
    const rule = `at most ${MAX_MARKED} at once; nothing was marked. Leave it out to mark all`;
    return invalidArgument({ argument: 'ids', rule });
  }
  const account = actingAccount(c);
  if (account.kind === 'err') return account;
  return ok(ids === undefined ? markAll(c, account.value) : markEach(c, account.value, ids));
}

function markAll(c: RentalCanister, { id }: Account): number {
  const { mailboxes } = c.storage.notifications;
  const mailbox = mailboxes.get(id);
  if (mailbox !== undefined && mailbox.unread > 0) {
    mailboxes.set(id, { ...mailbox, unread: 0, readBefore: mailbox.next });
  }
  return 0;
}

function markEach(c: RentalCanister, account: Account, ids: readonly NotificationId[]): number {
  const { mailboxes, notifications } = c.storage.notifications;
  const mailbox = mailboxes.get(account.id);
  if (mailbox === undefined) return 0;
  let { unread } = mailbox;
  for (const id of ids) {
    const kept = notifications.get(id);
    if (kept?.notification.recipient !== account.id || !isUnread(kept, mailbox)) continue;
    notifications.set(id, { ...kept, notification: { ...kept.notification, isRead: true } });
    unread -= 1;
  }
  if (unread !== mailbox.unread) mailboxes.set(account.id, { ...mailbox, unread });
  return unread;
}

/** Undefined if it is not in that mailbox (any more). */
function seqOf(c: RentalCanister, recipient: AccountId, id: NotificationId): number | undefined {
  const kept = c.storage.notifications.notifications.get(id);
  return kept?.notification.recipient === recipient ? kept.seq : undefined;
}

function keptAt(c: RentalCanister, recipient: AccountId, seq: number): KeptNotification {
  const { places, notifications } = c.storage.notifications;
  const ref = places.get([recipient, seq % MAILBOX_SIZE]);
  const kept = ref === undefined ? undefined : notifications.get(ref.id);
  return present(kept, `a mailbox has lost number ${seq}`);
}
