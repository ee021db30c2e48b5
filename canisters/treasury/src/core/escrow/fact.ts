import type { TimestampNs } from '@decent-cloud/domain/time.ts';

/**
 * What `rental` may report about a paid rental: when things happened, never an amount. No fact lies in
 * the future, and none can make more vest than time that passed since the start.
 */
export type Fact =
  /** The health gate passed. From here on the deposit vests. */
  | { readonly kind: 'started'; readonly at: TimestampNs }
  | { readonly kind: 'paused'; readonly at: TimestampNs }
  | { readonly kind: 'resumed'; readonly at: TimestampNs }
  /** A closed interval in which the service was down. */
  | { readonly kind: 'outage'; readonly from: TimestampNs; readonly to: TimestampNs }
  /**
   * So much of the period, in parts per million, that nobody knows whether the service was up: the end
   * is not settled by what was reported until there was time to dispute it. The last one counts.
   */
  | { readonly kind: 'unproven'; readonly unknownPpm: number }
  | {
      readonly kind: 'ended';
      readonly at: TimestampNs;
      readonly cause:
        | 'renter-cancelled'
        | 'provider-cancelled'
        | 'term-ended'
        | 'not-provisioned'
        | 'provider-failed';
    };
