import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite } from '@decent-cloud/kit/keys/key-codec.ts';
import { text } from '@decent-cloud/kit/keys/text-key.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { Fifo } from '@decent-cloud/kit/store/fifo.ts';
import { IdAllocator } from '@decent-cloud/kit/store/id-allocator.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import { PackedList } from '@decent-cloud/kit/store/packed-list.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { JobId } from '../../core/ids.ts';
import type { OpenNamed } from '../memory-ids.ts';
import { CountRows } from './count-rows.ts';
import {
  connectionFields,
  credentialFields,
  jobFields,
  timelineFields,
  usualTimeFields,
} from './job-fields.ts';
import { jobLinksKey, type JobLinks } from './link-key.ts';
import { LogStore } from './log-store.ts';
import { jobQueueKey, type JobQueue } from './queue-key.ts';

/** What is stored about jobs. */
export type JobStorage = ReturnType<typeof openJobStorage>;

const JOB_COUNTER = 5;
/** A job in hand is read and written by each report of its worker. */
const CACHED_JOBS = 256;
/** More than there are steps at all backends. */
const CACHED_STEPS = 256;
/** A card is told shortly before its machine is ready, and asked for then. */
const CACHED_CARDS = 64;

export function openJobStorage(store: OpenNamed) {
  const rental = idKey<RentalId>();
  return {
    ids: new IdAllocator<JobId>({ store: store('counters'), counter: JOB_COUNTER }),
    jobs: openTable({
      store: store('jobs'),
      key: idKey<JobId>(),
      fields: jobFields,
      cachedValues: CACHED_JOBS,
    }),
    links: new LinkedList<JobLinks, JobId>({ store: store('job_links'), parent: jobLinksKey }),
    queues: new Fifo<JobQueue, JobId>({ store: store('job_queues'), parent: jobQueueKey }),
    /** Exactly one entry for each live job, at its `dueAt`. */
    due: new DueQueue({ store: store('jobs_due'), id: idKey<JobId>() }),
    timelines: new PackedList({
      store: store('timelines'),
      parent: rental,
      value: valueCodec({ version: 1, fields: timelineFields }),
    }),
    logs: new LogStore(store('logs')),
    connections: openTable({
      store: store('connections'),
      key: rental,
      fields: connectionFields,
      cachedValues: CACHED_CARDS,
    }),
    credentials: openTable({ store: store('credentials'), key: rental, fields: credentialFields }),
    /** By backend and step. */
    usualTimes: openTable({
      store: store('step_stats'),
      key: composite(text, text),
      fields: usualTimeFields,
      cachedValues: CACHED_STEPS,
    }),
    counts: new CountRows(store('account_loads')),
  };
}
