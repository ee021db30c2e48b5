import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { idKey } from '@decent-cloud/kit/keys/integer-keys.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { openTable } from '@decent-cloud/kit/store/open-table.ts';
import {
  bigint,
  list,
  number,
  plainAs,
  record,
  text,
  union,
  type Fields,
} from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { Fact } from '../../core/rentals/rental-event.ts';
import type { FactLine, LineFact, RefusedFact } from '../../core/treasury/fact-line.ts';
import type { OpenNamed } from '../memory-ids.ts';

const time = bigint<TimestampNs>();

const fact = union<Fact>({
  started: { at: time },
  paused: { at: time },
  resumed: { at: time },
  outage: { from: time, to: time },
  unproven: { unknownPpm: number },
  ended: { at: time, cause: plainAs<Extract<Fact, { kind: 'ended' }>['cause']>() },
});

const lineFields: Fields<FactLine> = {
  escrowId: plainAs<EscrowId>(),
  rentalId: plainAs<RentalId>(),
  facts: list(record<LineFact>({ seq: number, fact })),
  nextSeq: number,
  attempts: number,
  dueAt: time,
};

const refusedFields: Fields<RefusedFact> = {
  escrowId: plainAs<EscrowId>(),
  rentalId: plainAs<RentalId>(),
  seq: number,
  fact,
  reason: text,
  at: time,
};

export function openFactStorage(store: OpenNamed) {
  const refusedValue = valueCodec<RefusedFact>({ version: 1, fields: refusedFields });
  return {
    /** A line is there exactly while it holds facts, and then it is in `due` once, at its `dueAt`. */
    lines: openTable<EscrowId, FactLine>({
      store: store('facts'),
      key: idKey<EscrowId>(),
      fields: lineFields,
    }),
    due: new DueQueue<EscrowId>({ store: store('facts_due'), id: idKey<EscrowId>() }),
    refused: new DenseList<null, RefusedFact>({
      store: store('refused_facts'),
      parent: whole,
      value: refusedValue,
    }),
  };
}
