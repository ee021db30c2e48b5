import { err, ok, type Err, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { RentalEffect, RentalEvent } from './rental-event.ts';
import type { Rental, RentalState } from './rental.ts';

/** The rental as it is then, and what must be done because of it, in this order. */
export interface Moved {
  readonly rental: Rental;
  readonly effects: readonly RentalEffect[];
}

/** This cannot happen to a rental in that state. Nothing changed. */
export interface WrongState {
  readonly kind: 'wrong-state';
  readonly state: RentalState['kind'];
}

export type Step = Result<Moved, WrongState>;

/** It had its effect before, or concerns nothing that is still open. */
export function unchanged(rental: Rental): Step {
  return ok({ rental, effects: [] });
}

export function wrongState({ state }: Rental): Err<WrongState> {
  return err({ kind: 'wrong-state', state: state.kind });
}

/** The rental with other values. */
export function moved(
  rental: Rental,
  change: Partial<Rental>,
  effects: readonly RentalEffect[] = [],
): Step {
  return ok({ rental: { ...rental, ...change }, effects });
}

export type In<Kind extends RentalState['kind']> = Extract<RentalState, { readonly kind: Kind }>;

/** What happened, and when. */
export interface Moving<E extends RentalEvent = RentalEvent> {
  readonly event: E;
  readonly at: TimestampNs;
}
