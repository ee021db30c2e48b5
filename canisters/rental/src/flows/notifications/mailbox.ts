import type { AccountId } from '@decent-cloud/domain/ids.ts';
import type {
  KeptNotification,
  Mailbox,
} from '../../storage/notifications/notifications-storage.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** Part of the stored form: a notification stands in the place `seq % MAILBOX_SIZE`. */
export const MAILBOX_SIZE = 500;

export function emptyMailbox(): Mailbox {
  return { next: 0, unread: 0, readBefore: 0 };
}

export function isUnread({ notification, seq }: KeptNotification, mailbox: Mailbox): boolean {
  return !notification.isRead && seq >= mailbox.readBefore;
}

/** Forgets a notification and what points to it; its place is the caller's to fill. */
export function dropFromMailbox(
  c: Pick<RentalCanister, 'storage'>,
  { notification, outboxAt }: KeptNotification,
): void {
  const { notifications, told, outbox } = c.storage.notifications;
  notifications.remove(notification.id);
  told.remove([notification.recipient, notification.eventKey]);
  if (outboxAt !== undefined) outbox.cancel(notification.id, outboxAt);
}

/** Forgets everything that an account was told, when it is deleted. At most `MAILBOX_SIZE` rows. */
export function wipeMailbox(c: Pick<RentalCanister, 'storage'>, account: AccountId): void {
  const { notifications, mailboxes, places } = c.storage.notifications;
  const { next } = mailboxes.get(account) ?? emptyMailbox();
  for (let place = 0; place < Math.min(next, MAILBOX_SIZE); place += 1) {
    const ref = places.get([account, place]);
    const kept = ref === undefined ? undefined : notifications.get(ref.id);
    if (kept !== undefined) dropFromMailbox(c, kept);
    places.remove([account, place]);
  }
  mailboxes.remove(account);
}
