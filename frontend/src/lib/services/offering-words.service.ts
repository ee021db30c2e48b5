import type { Rental } from '../api/wire.ts';
import type { OfferingStatusName } from '../api/offering.api.ts';
import { armOf } from './variant.service.ts';

export interface StatusWords {
  readonly tone: 'good' | 'warn' | 'plain';
  readonly label: string;
  readonly text: string;
}

/** Whether an offer is to be had, and what that means for rentals that run. */
export const STATUS_WORDS: Readonly<Record<OfferingStatusName, StatusWords>> = {
  Open: { tone: 'good', label: 'Open', text: 'It can be found and rented.' },
  Paused: {
    tone: 'warn',
    label: 'Paused',
    text: 'Nobody can rent it or extend a rental of it now. Rentals that run go on.',
  },
  Retired: {
    tone: 'plain',
    label: 'Retired',
    text: 'Nobody can rent it any more. Rentals that run go on to their end.',
  },
};

/** `Everybody sees it`. */
export function visibilityText(visibility: Rental.Visibility): string {
  if ('Public' in visibility) return 'Everybody sees it';
  if ('Private' in visibility) return 'Only you see it';
  const count = visibility.Shared.principals.length;
  return count === 1 ? 'Shared with one principal' : `Shared with ${count} principals`;
}

export function statusOf(offering: Pick<Rental.Offering, 'status'>): OfferingStatusName {
  return armOf(offering.status);
}

/** `cx23 in fsn1, and 2 more`. */
export function machinesText(choices: readonly Rental.MachineChoice[]): string {
  const [first] = choices;
  if (first === undefined) return 'No machine';
  const name = `${first.machine_type} in ${first.location}`;
  return choices.length === 1 ? name : `${name}, and ${choices.length - 1} more`;
}
