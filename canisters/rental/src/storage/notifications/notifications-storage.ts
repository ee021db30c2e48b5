import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey, uint16 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite } from '@decent-cloud/kit/keys/key-codec.ts';
import { text as textKey } from '@decent-cloud/kit/keys/text-key.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import {
  bigint,
  bool,
  number,
  optional,
  plainAs,
  record,
  text,
  type Field,
} from '@decent-cloud/kit/values/field.ts';
import type { NotificationId } from '../../core/ids.ts';
import type { Notification } from '../../core/notifications/notification.ts';
import type { NoticeKind } from '../../core/rentals/rental-event.ts';
import type { OpenNamed } from '../memory-ids.ts';

/** Of the counters that all areas share. */
const NOTIFICATION_COUNTER = 6;
/** Who is told something is often told more soon. */
const CACHED_MAILBOXES = 1_024;

/** A notification with its places: `seq` in the recipient's mailbox, `outboxAt` in the outbox. */
export interface KeptNotification {
  readonly notification: Notification;
  readonly seq: number;
  /** Undefined once delivered, or if it is not sent at all. */
  readonly outboxAt: TimestampNs | undefined;
}

/** The newest notifications of one account, numbered from 0; the last `MAILBOX_SIZE` are kept. */
export interface Mailbox {
  /** The number of the next one. */
  readonly next: number;
  readonly unread: number;
  /** Every one with a smaller number is read. */
  readonly readBefore: number;
}

interface NotificationRef {
  readonly id: NotificationId;
}

const notification: Field<Notification> = record<Notification>({
  id: plainAs<NotificationId>(),
  recipient: plainAs<AccountId>(),
  kind: plainAs<NoticeKind>(),
  rentalId: optional(plainAs<RentalId>()),
  subject: text,
  body: text,
  at: bigint<TimestampNs>(),
  eventKey: text,
  isRead: bool,
});

/** What is stored about notifications. */
export type NotificationStorage = ReturnType<typeof openNotificationStorage>;

export function openNotificationStorage(store: OpenNamed) {
  return {
    ids: new IdAllocator<NotificationId>({
      store: store('counters'),
      counter: NOTIFICATION_COUNTER,
    }),
    notifications: openTable<NotificationId, KeptNotification>({
      store: store('notifications'),
      key: idKey<NotificationId>(),
      fields: { notification, seq: number, outboxAt: optional(bigint<TimestampNs>()) },
    }),
    mailboxes: openTable<AccountId, Mailbox>({
      store: store('mailboxes'),
      key: idKey<AccountId>(),
      fields: { next: number, unread: number, readBefore: number },
      cachedValues: CACHED_MAILBOXES,
    }),
    /** What stands in a place of a mailbox: a notification's number modulo the mailbox's size. */
    places: openTable<readonly [AccountId, number], NotificationRef>({
      store: store('notification_links'),
      key: composite(idKey<AccountId>(), uint16),
      fields: { id: plainAs<NotificationId>() },
    }),
    /** Which events an account was told about, as long as the notification is kept. */
    told: openTable<readonly [AccountId, string], NotificationRef>({
      store: store('notice_keys'),
      key: composite(idKey<AccountId>(), textKey),
      fields: { id: plainAs<NotificationId>() },
    }),
    /** What is to be delivered, by the time from which it may be claimed. */
    outbox: new DueQueue<NotificationId>({
      store: store('notice_outbox'),
      id: idKey<NotificationId>(),
    }),
  };
}
