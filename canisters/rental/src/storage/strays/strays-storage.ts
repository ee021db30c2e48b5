import type { Id, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite } from '@decent-cloud/kit/keys/key-codec.ts';
import { text as textKey } from '@decent-cloud/kit/keys/text-key.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import { bigint, optional, plainAs, text } from '@decent-cloud/kit/values/field.ts';
import type { CloudAccountId, StrayId } from '../../core/ids.ts';
import type { Stray } from '../../core/strays/stray.ts';
import type { OpenNamed } from '../memory-ids.ts';
import { strayListKey, type StrayList } from './stray-links.ts';

/** What is stored about strays. */
export type StrayStorage = ReturnType<typeof openStrayStorage>;

/** Of the counters that all areas share. */
const STRAY_COUNTER = 7;
const DELETION_COUNTER = 8;

const time = bigint<TimestampNs>();

export function openStrayStorage(store: OpenNamed) {
  return {
    ids: new IdAllocator<StrayId>({ store: store('counters'), counter: STRAY_COUNTER }),
    /** Counts what was ever deleted. */
    deletions: new IdAllocator<Id<'StrayDeletion'>>({
      store: store('counters'),
      counter: DELETION_COUNTER,
    }),
    strays: openTable<StrayId, Stray>({
      store: store('strays'),
      key: idKey<StrayId>(),
      fields: {
        id: plainAs<StrayId>(),
        cloudAccountId: plainAs<CloudAccountId>(),
        externalId: text,
        name: text,
        rentalId: optional(plainAs<RentalId>()),
        firstSeenAt: time,
        lastSeenAt: time,
        deletedAt: optional(time),
        dueAt: time,
      },
    }),
    links: new LinkedList<StrayList, StrayId>({
      store: store('stray_links'),
      parent: strayListKey,
    }),
    /** The last stray that a server was. */
    ofServers: openTable<readonly [CloudAccountId, string], { readonly id: StrayId }>({
      store: store('strays_by_server'),
      key: composite(idKey<CloudAccountId>(), textKey),
      fields: { id: plainAs<StrayId>() },
    }),
    /** Each stray is in it once, at its `dueAt`. */
    due: new DueQueue<StrayId>({ store: store('strays_due'), id: idKey<StrayId>() }),
  };
}
