import { elapsed, type DurationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { Rental } from './rental.ts';

/** From the confirmed payment to `at`, of a rental as it was before it became ready. */
export function timeToReady({ state }: Pick<Rental, 'state'>, at: TimestampNs): DurationNs {
  return state.kind === 'provisioning' ? elapsed(state.since, at) : (0n as DurationNs);
}
