import { invariant } from '@decent-cloud/domain/assert.ts';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { cutText } from '../../core/notifications/cut-text.ts';
import type { Notification } from '../../core/notifications/notification.ts';
import { isSent } from '../../core/notifications/notice-groups.ts';
import type { NoticeKind } from '../../core/rentals/rental-event.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { dropFromMailbox, emptyMailbox, isUnread, MAILBOX_SIZE } from './mailbox.ts';

const MAX_SUBJECT_LENGTH = 120;
const MAX_TEXT_LENGTH = 1_000;
/** Keys are made by this canister. */
const MAX_KEY_LENGTH = 200;

/** Something that one account is told; `noticeWords` gives subject and body. */
export interface Notice {
  readonly recipient: AccountId;
  readonly kind: NoticeKind;
  readonly rentalId?: RentalId | undefined;
  readonly subject: string;
  readonly body: string;
  /** Names the event: `rental-ready:7`. At most 200 characters. */
  readonly eventKey: string;
}

/**
 * Tells an account something, once for each event: the same key again changes nothing. It stands in
 * the account's mailbox, where the oldest makes room for it, and goes to the outbox unless its group is
 * muted. Never fails; an account that was deleted is told nothing.
 */
export function notify(c: Pick<RentalCanister, 'runtime' | 'storage'>, notice: Notice): void {
  const { recipient, kind, eventKey } = notice;
  invariant(eventKey.length <= MAX_KEY_LENGTH, 'the key of an event is too long');
  const { ids, notifications, mailboxes, places, told, outbox } = c.storage.notifications;
  if (told.has([recipient, eventKey])) return;
  const account = c.storage.accounts.accounts.get(recipient);
  if (account === undefined) return;
  const mailbox = mailboxes.get(recipient) ?? emptyMailbox();
  const seq = mailbox.next;
  const place = [recipient, seq % MAILBOX_SIZE] as const;
  const oldId = seq < MAILBOX_SIZE ? undefined : places.get(place)?.id;
  const old = oldId === undefined ? undefined : notifications.get(oldId);
  if (old !== undefined) dropFromMailbox(c, old);
  const unread = mailbox.unread - (old !== undefined && isUnread(old, mailbox) ? 1 : 0);
  const id = ids.next();
  const at = c.runtime.time();
  const outboxAt = isSent(kind, account.preferences.muted) ? at : undefined;
  const notification = notificationOf(notice, { id, at });
  notifications.set(id, { notification, seq, outboxAt });
  places.set(place, { id });
  told.set([recipient, eventKey], { id });
  mailboxes.set(recipient, { ...mailbox, next: seq + 1, unread: unread + 1 });
  if (outboxAt !== undefined) outbox.schedule(id, outboxAt);
}

function notificationOf(notice: Notice, { id, at }: Pick<Notification, 'id' | 'at'>): Notification {
  const { recipient, kind, rentalId, eventKey } = notice;
  const subject = cutText(notice.subject, MAX_SUBJECT_LENGTH);
  const body = cutText(notice.body, MAX_TEXT_LENGTH);
  return { id, recipient, kind, rentalId, subject, body, at, eventKey, isRead: false };
}
