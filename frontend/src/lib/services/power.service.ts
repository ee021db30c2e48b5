import type { Rental } from '../api/wire.ts';
import { armOf, type ArmOf } from './variant.service.ts';

export type PowerName = ArmOf<Rental.PowerAction>;

/** A button for something that can be done to the machine now. */
export interface PowerChoice {
  readonly action: PowerName;
  readonly label: string;
  /** What happens, before it is done. */
  readonly warning: string;
}

const CHOICES: Readonly<Record<PowerName, PowerChoice>> = {
  On: { action: 'On', label: 'Switch on', warning: 'The machine starts, and its checks with it.' },
  Off: {
    action: 'Off',
    label: 'Switch off',
    warning:
      'The service stops and nobody can reach it. The paid time goes on, and time that is off does ' +
      'not count against the uptime.',
  },
  Reboot: {
    action: 'Reboot',
    label: 'Restart',
    warning: 'The service is away for a minute or so. That does not count against the uptime.',
  },
};

/** What power can do in that state; nothing while something else is done to the machine. */
export function powerChoices(state: Rental.RentalState): readonly PowerChoice[] {
  if (!('Active' in state) || state.Active.operation.length > 0) return [];
  return armOf(state.Active.power) === 'On' ? [CHOICES.Reboot, CHOICES.Off] : [CHOICES.On];
}
