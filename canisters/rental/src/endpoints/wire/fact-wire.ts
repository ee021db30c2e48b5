import {
  count,
  literals,
  nanoseconds,
  nat32,
  optional,
  record,
  text,
  union,
} from '@decent-cloud/kit/wire/wire.ts';
import type { Fact } from '../../core/rentals/rental-event.ts';
import type { RefusedFact } from '../../core/treasury/fact-line.ts';
import type { FactStatus } from '../../flows/treasury/read-facts.flow.ts';

const fact = union<Fact>({
  started: { at: nanoseconds },
  paused: { at: nanoseconds },
  resumed: { at: nanoseconds },
  outage: { from: nanoseconds, to: nanoseconds },
  unproven: { unknownPpm: nat32 },
  ended: {
    at: nanoseconds,
    cause: literals<Extract<Fact, { kind: 'ended' }>['cause']>([
      'renter-cancelled',
      'provider-cancelled',
      'term-ended',
      'not-provisioned',
      'provider-failed',
    ]),
  },
});

export const refusedFact = record<RefusedFact>({
  escrowId: count,
  rentalId: count,
  seq: count,
  fact,
  reason: text,
  at: nanoseconds,
});

export const factStatusWire = record<FactStatus>({
  waiting: count,
  nextDueAt: optional(nanoseconds),
  refused: count,
});
