import type { Actors } from './actors.api.ts';
import { okOf, okUnless } from './refusal.ts';
import type { Rental } from './wire.ts';

const NONE: Rental.NotificationPage = { rows: [], next: [], unread: 0n };

/** The newest first; none of who has no account yet. */
export async function listNotifications(
  { rental }: Pick<Actors, 'rental'>,
  page: { readonly from: bigint | undefined; readonly limit: number },
): Promise<Rental.NotificationPage> {
  const { from, limit } = page;
  const read = await rental.my_notifications({ from: from === undefined ? [] : [from], limit });
  return okUnless('NotFound', read) ?? NONE;
}

/** Those, or all. Gives how many are still unread. */
export async function markRead(
  { rental }: Pick<Actors, 'rental'>,
  ids: readonly bigint[] | 'all',
): Promise<bigint> {
  return okOf(await rental.mark_read(ids === 'all' ? [] : [BigUint64Array.from(ids)]));
}
