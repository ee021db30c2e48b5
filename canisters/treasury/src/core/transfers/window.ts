import {
  after,
  durationNs,
  timestampNs,
  type DurationNs,
  type TimestampNs,
} from '@decent-cloud/domain/time.ts';

/** A ledger executes a transaction up to this long after `created_at_time`. Source: ICRC-1. */
const LEDGER_WINDOW_NS = durationNs({ hours: 24 });
/** More than clocks of subnets differ, and more than some ledgers add to the window. */
const MARGIN_NS = durationNs({ minutes: 5 });

/** The last moment at which the same bytes are sent again. */
export function lastSendAt(createdAt: TimestampNs): TimestampNs {
  return after(createdAt, (LEDGER_WINDOW_NS - MARGIN_NS) as DurationNs);
}

/** From this moment on no ledger executes what was created then: what is not there never will be. */
export function windowOverAt(createdAt: TimestampNs): TimestampNs {
  return timestampNs(createdAt + LEDGER_WINDOW_NS + MARGIN_NS + 1n);
}
