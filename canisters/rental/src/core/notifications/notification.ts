import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { NotificationId } from '../ids.ts';
import type { NoticeKind } from '../rentals/rental-event.ts';

/** A message to one account: kept for the page, and in the outbox until an agent delivered it. */
export interface Notification {
  readonly id: NotificationId;
  readonly recipient: AccountId;
  readonly kind: NoticeKind;
  readonly rentalId: RentalId | undefined;
  readonly subject: string;
  /** What happened, the number, and what to do. */
  readonly body: string;
  readonly at: TimestampNs;
  /** The same event is told to the same account once. */
  readonly eventKey: string;
  readonly isRead: boolean;
}
