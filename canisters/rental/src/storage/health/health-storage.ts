import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey, safeUint, uint32, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite } from '@decent-cloud/kit/keys/key-codec.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import {
  bigint,
  bool,
  bytes,
  list,
  number,
  optional,
  plainAs,
  record,
  text,
} from '@decent-cloud/kit/values/field.ts';
import type { Check, Flip, MachineStatus } from '../../core/health/machine-status.ts';
import type { SlotCounts } from '../../core/health/slots.ts';
import type { TrustRecord } from '../../core/health/trust.ts';
import type { Reporter, Watch } from '../../core/health/watch.ts';
import type { OpenNamed } from '../memory-ids.ts';

/** Final slots of one rental on one day of UTC; a day of which nothing is known has no row. */
export interface HealthDay {
  /** 72 bytes. */
  readonly slots: Uint8Array;
  readonly up: number;
  readonly down: number;
  readonly excluded: number;
}

/** What an entry of the due queue is about. */
export const DUE_RENTAL = 0;
export const DUE_PROVIDER = 1;
/** One of these, and the number of the rental or the provider. */
export type HealthDue = readonly [number, number];

/** Sellers whose machines run report often. */
const CACHED_TRUST = 256;

const time = bigint<TimestampNs>();

const counts = record<SlotCounts>({ up: number, down: number, excluded: number, unknown: number });

const reporter = record<Reporter>({ name: text, isPlatform: bool, hours: list(number) });

const flip = record<Flip>({
  at: time,
  isUp: bool,
  checks: list(record<Check>({ what: text, result: text, latencyMs: number })),
  nextCheck: time,
});

/** What is stored about health. */
export type HealthStorage = ReturnType<typeof openHealthStorage>;

export function openHealthStorage(store: OpenNamed) {
  return {
    watches: openTable<RentalId, Watch>({
      store: store('health'),
      key: idKey<RentalId>(),
      fields: {
        provider: plainAs<AccountId>(),
        fromSlot: number,
        periodSlot: number,
        periodEndSlot: number,
        finalSlot: number,
        endSlot: optional(number),
        reporters: list(reporter),
        excludedFrom: optional(number),
        excluded: list(number),
        downFrom: optional(number),
        counts,
        dueAt: optional(time),
      },
    }),
    /** By days since 1970. */
    days: openTable<readonly [RentalId, number], HealthDay>({
      store: store('health_days'),
      key: composite(idKey<RentalId>(), uint32),
      fields: { slots: bytes, up: number, down: number, excluded: number },
    }),
    statuses: openTable<RentalId, MachineStatus>({
      store: store('health_flips'),
      key: idKey<RentalId>(),
      fields: { flip: optional(flip), isByPlatform: bool, lostAt: optional(time) },
    }),
    trust: openTable<AccountId, TrustRecord>({
      store: store('trust'),
      key: idKey<AccountId>(),
      cachedValues: CACHED_TRUST,
      fields: {
        runs: number,
        succeeded: number,
        cancelled: number,
        upSlots: number,
        downSlots: number,
        since: time,
        searchScore: optional(number),
        dueAt: optional(time),
      },
    }),
    due: new DueQueue<HealthDue>({ store: store('health_due'), id: composite(uint8, safeUint) }),
  };
}
