import { listNotifications, markRead } from '../api/notification.api.ts';
import type { Rental } from '../api/wire.ts';
import { Action } from './action.state.svelte.ts';
import { app } from './app.state.svelte.ts';
import { Live } from './live.state.svelte.ts';
import { PagedList } from './paged-list.state.svelte.ts';

const ROWS = 20;
const BELL_FAST_MS = 20_000;
const BELL_SLOW_MS = 120_000;

/** How many are unread; known to the bell and to the page, which changes it. */
class Unread {
  count = $state<bigint>();
}

export const unread = new Unread();

/** What the caller was told. */
export class NotificationList {
  readonly list = new PagedList<Rental.Notification, bigint>(
    async (from) => {
      const page = await listNotifications(app.actors, { from, limit: ROWS });
      unread.count = page.unread;
      return { rows: page.rows, next: page.next[0] };
    },
    { what: 'Your notifications could not be read.' },
  );
  readonly action = new Action({ what: 'It was not marked as read.' });

  async markRead(ids: readonly bigint[] | 'all'): Promise<void> {
    await this.action.run(async () => {
      unread.count = await markRead(app.actors, ids);
      this.list.rows = this.list.rows.map((row) =>
        ids === 'all' || ids.includes(row.id) ? { ...row, is_read: true } : row,
      );
    });
  }
}

/** Keeps the number on the bell up to date, slowly. */
export function bellLive(): Live {
  return new Live({
    fastMs: BELL_FAST_MS,
    slowMs: BELL_SLOW_MS,
    read: async () => {
      const before = unread.count;
      const page = await listNotifications(app.actors, { from: undefined, limit: 1 });
      unread.count = page.unread;
      return before !== page.unread;
    },
  });
}
