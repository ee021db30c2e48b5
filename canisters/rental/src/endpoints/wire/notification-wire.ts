import {
  bool,
  count,
  list,
  literals,
  nanoseconds,
  nat32,
  optional,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type { NotificationId } from '../../core/ids.ts';
import { groupOf } from '../../core/notifications/notice-groups.ts';
import type { Notification } from '../../core/notifications/notification.ts';
import type { NoticeGroup } from '../../core/accounts/account.ts';
import type { NoticeKind } from '../../core/rentals/rental-event.ts';
import type { NotificationPage } from '../../flows/notifications/read-notifications.flow.ts';
import type { OutgoingNotice } from '../../flows/notifications/outbox.flow.ts';

/** A client that does not know a newer kind reads `null`. */
const noticeKind = optional(
  literals<NoticeKind>([
    'rental-paid',
    'rental-ready',
    'rental-failed',
    'rental-ending-soon',
    'rental-ended',
    'rental-closed',
    'rental-down',
    'rental-up',
    'deletion-delayed',
    'recipe-upgraded',
    'recipe-rolled-back',
    'operation-failed',
    'cloud-account-invalid',
    'sla-unproven',
    'stray-deleted',
  ]),
);

const told = {
  id: count,
  kind: noticeKind,
  rentalId: optional(count),
  subject: text,
  body: text,
  at: nanoseconds,
};

/** A page of the caller's notifications. */
export const notificationPage = record<NotificationPage>({
  rows: list(record<Omit<Notification, 'recipient' | 'eventKey'>>({ ...told, isRead: bool })),
  next: optional(count),
  unread: count,
});

/** A notice as its deliverer reads it, in one piece. */
export interface NoticeView extends Omit<Notification, 'isRead' | 'eventKey'> {
  readonly group: NoticeGroup;
  readonly email: string;
}

export const noticeViews = list(
  record<NoticeView>({
    ...told,
    recipient: count,
    group: literals<NoticeGroup>(['money', 'outage', 'lifecycle', 'news']),
    email: text,
  }),
);

export function noticeView({ notification, email }: OutgoingNotice): NoticeView {
  return { ...notification, group: groupOf(notification.kind), email };
}

/** Where a page starts and how many rows it has. */
export const pageFrom = record<{
  readonly from: NotificationId | undefined;
  readonly limit: number;
}>({ from: optional(count), limit: nat32 });
