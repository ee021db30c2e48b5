import { count, nanoseconds, optional, record, text } from '@decent-cloud/kit/wire/wire.ts';
import type { RefusedFact } from '../../core/treasury/fact-line.ts';
import type { FactStatus } from '../../flows/treasury/read-facts.flow.ts';
import { factWire } from '../../flows/treasury/treasury-wire.ts';

export const refusedFact = record<RefusedFact>({
  escrowId: count,
  rentalId: count,
  seq: count,
  fact: factWire,
  reason: text,
  at: nanoseconds,
});

export const factStatusWire = record<FactStatus>({
  waiting: count,
  nextDueAt: optional(nanoseconds),
  refused: count,
});
