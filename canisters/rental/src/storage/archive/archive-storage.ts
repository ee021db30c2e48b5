import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { LinkedList } from '@decent-cloud/kit/store/linked-list.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import { bigint, number, text } from '@decent-cloud/kit/values/field.ts';
import type { OpenNamed } from '../memory-ids.ts';
import { IdSet } from './id-set.ts';

/** Why a rental could not move to the archive the last time, and how often that was. */
export interface ArchiveProblem {
  readonly at: TimestampNs;
  readonly reason: string;
  readonly tries: number;
}

/** What is stored about archive. */
export type ArchiveStorage = ReturnType<typeof openArchiveStorage>;

export function openArchiveStorage(store: OpenNamed) {
  const rental = idKey<RentalId>();
  return {
    /** Closed rentals that are still here, by the time from which their retention counts. */
    closed: new DueQueue<RentalId>({ store: store('archive_due'), id: rental }),
    /** Those that moved. */
    archived: new IdSet<RentalId>(store('archived_rentals')),
    /** Only of rentals that are still here. */
    problems: openTable<RentalId, ArchiveProblem>({
      store: store('archive_problems'),
      key: rental,
      fields: { at: bigint<TimestampNs>(), reason: text, tries: number },
    }),
    problemList: new LinkedList<null, RentalId>({
      store: store('archive_problem_links'),
      parent: whole,
    }),
  };
}
