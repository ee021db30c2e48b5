import { mapOk } from '@decent-cloud/domain/result.ts';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import type { WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { count, fromWire, list, nat32, nothing, optional } from '@decent-cloud/kit/wire/wire.ts';
import { canister } from '../composition.ts';
import type { NotificationId } from '../core/ids.ts';
import { ackNotices, claimNotices } from '../flows/notifications/outbox.flow.ts';
import { markRead, myNotifications } from '../flows/notifications/read-notifications.flow.ts';
import { resultOf } from './wire/error-wire.ts';
import { notificationPage, noticeView, noticeViews, pageFrom } from './wire/notification-wire.ts';

const ids = list<NotificationId>(count);
const marked = optional(ids);
const PageResult = resultOf(notificationPage);
const UnreadResult = resultOf(count);
const NoticesResult = resultOf(noticeViews);
const AckResult = resultOf(nothing);

/** What accounts are told, and its way out to them. */
export class NotificationEndpoints {
  @query([pageFrom.type], PageResult.type)
  my_notifications(request: unknown): WireResult<unknown> {
    return PageResult.to(myNotifications(canister, fromWire(pageFrom, request)));
  }

  @update([marked.type], UnreadResult.type)
  mark_read(wire: unknown): WireResult<unknown> {
    return UnreadResult.to(markRead(canister, fromWire(marked, wire)));
  }

  /** Agents of the platform only. */
  @update([nat32.type], NoticesResult.type)
  claim_notices(max: number): WireResult<unknown> {
    const claimed = claimNotices(canister, max);
    return NoticesResult.to(mapOk(claimed, (notices) => notices.map(noticeView)));
  }

  /** Agents of the platform only. */
  @update([ids.type], AckResult.type)
  ack_notices(wire: unknown): WireResult<unknown> {
    return AckResult.to(ackNotices(canister, fromWire(ids, wire)));
  }
}
