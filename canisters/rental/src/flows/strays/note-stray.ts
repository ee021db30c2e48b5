import { noticeWords } from '../../core/notifications/words.ts';
import type { CloudAccount } from '../../core/accounts/provider.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import { forgottenAt, isSameStray, MAX_STRAYS } from '../../core/strays/stray-rules.ts';
import type { SeenServer, Stray } from '../../core/strays/stray.ts';
import { notify } from '../notifications/notify.ts';
import type { RentalCanister } from '../rental-canister.ts';

/** A server of an account, by the cloud's id of it. */
export interface ServerAddress {
  readonly cloudAccountId: CloudAccountId;
  readonly externalId: string;
}

/** What a server was when it was last no rental's; undefined if that is not known (any more). */
export function strayOf(
  { storage }: RentalCanister,
  { cloudAccountId, externalId }: ServerAddress,
): Stray | undefined {
  const ref = storage.strays.ofServers.get([cloudAccountId, externalId]);
  return ref === undefined ? undefined : storage.strays.strays.get(ref.id);
}

/** Notes that a stray was seen; undefined if the account has no room for another one. */
export function noteSeen(
  c: RentalCanister,
  cloudAccountId: CloudAccountId,
  seen: SeenServer,
): Stray | undefined {
  const { externalId, name, rentalId } = seen;
  const { strays, links } = c.storage.strays;
  const at = c.runtime.time();
  const known = strayOf(c, { cloudAccountId, externalId });
  if (known !== undefined && isSameStray(known, at)) {
    if (known.deletedAt !== undefined) return known;
    const again: Stray = { ...known, name, rentalId, lastSeenAt: at };
    strays.set(again.id, again);
    return again;
  }
  if (known !== undefined && known.deletedAt === undefined) forgetStray(c, known);
  if (links.count({ kind: 'there', of: cloudAccountId }) >= MAX_STRAYS) return undefined;
  return addStray(c, { ...seen, cloudAccountId });
}

function addStray(
  { runtime, storage }: RentalCanister,
  seen: SeenServer & Pick<Stray, 'cloudAccountId'>,
): Stray {
  const { ids, strays, links, ofServers, due } = storage.strays;
  const at = runtime.time();
  const life = { firstSeenAt: at, lastSeenAt: at, deletedAt: undefined };
  const stray: Stray = { ...seen, ...life, id: ids.next(), dueAt: forgottenAt(life) };
  strays.set(stray.id, stray);
  links.add({ kind: 'there', of: stray.cloudAccountId }, stray.id);
  ofServers.set([stray.cloudAccountId, stray.externalId], { id: stray.id });
  due.schedule(stray.id, stray.dueAt);
  return stray;
}

/** Notes that a stray is gone, and tells the seller. The oldest of the deleted make room for it. */
export function noteDeleted(c: RentalCanister, account: CloudAccount, stray: Stray): void {
  const { strays, links, due, deletions } = c.storage.strays;
  const deletedAt = c.runtime.time();
  const dueAt = forgottenAt({ ...stray, deletedAt });
  strays.set(stray.id, { ...stray, deletedAt, dueAt });
  due.reschedule({ id: stray.id, from: stray.dueAt, to: dueAt });
  links.remove({ kind: 'there', of: account.id }, stray.id);
  const list = { kind: 'deleted', of: account.id } as const;
  links.add(list, stray.id);
  deletions.next();
  const oldestId = links.count(list) > MAX_STRAYS ? links.oldest(list) : undefined;
  const oldest = oldestId === undefined ? undefined : strays.get(oldestId);
  if (oldest !== undefined) forgetStray(c, oldest);
  tellSeller(c, account, { ...stray, deletedAt });
}

function tellSeller(
  c: RentalCanister,
  { provider: recipient, label }: CloudAccount,
  stray: Stray & { readonly deletedAt: NonNullable<Stray['deletedAt']> },
): void {
  const words = noticeWords('stray-deleted', { ...stray, label });
  const eventKey = `stray-deleted:${stray.id}`;
  notify(c, { recipient, kind: 'stray-deleted', ...words, eventKey });
}

/** As if it had never been seen. */
export function forgetStray(
  { storage }: RentalCanister,
  { id, cloudAccountId, externalId, deletedAt, dueAt }: Stray,
): void {
  const { strays, links, ofServers, due } = storage.strays;
  strays.remove(id);
  links.remove({ kind: deletedAt === undefined ? 'there' : 'deleted', of: cloudAccountId }, id);
  due.cancel(id, dueAt);
  const isLast = ofServers.get([cloudAccountId, externalId])?.id === id;
  if (isLast) ofServers.remove([cloudAccountId, externalId]);
}
