import type { Rental } from '../api/wire.ts';
import { armOf, type ArmOf } from './variant.service.ts';

const TITLES: Readonly<Record<ArmOf<Rental.JobTask>, string>> = {
  Provision: 'Setting it up',
  Terminate: 'Deleting the machine',
  UpgradeRecipe: 'Upgrade',
  Power: 'Power',
  RotateSshKeys: 'Replacing SSH keys',
  ValidateAccount: 'Checking the cloud account',
  RefreshCatalogue: 'Reading what the cloud sells',
};

/** What a job does: `Upgrade 1.4.2 → 1.5.0`. */
export function jobTitle({ task }: Pick<Rental.Job, 'task'>): string {
  const title = TITLES[armOf(task)];
  if ('UpgradeRecipe' in task) {
    return `${title} ${task.UpgradeRecipe.from.semver} → ${task.UpgradeRecipe.to.semver}`;
  }
  return 'Power' in task ? `${title}: ${armOf(task.Power.action).toLowerCase()}` : title;
}

/** How far a job is, calmly. */
export function jobWords({ state, attempts }: Pick<Rental.Job, 'state' | 'attempts'>): string {
  if ('Ready' in state) return 'Waits for a worker: they ask every few seconds.';
  if ('Waiting' in state) return 'Waits for its turn: the account does only so much at once.';
  if ('Leased' in state) {
    return attempts > 1
      ? `A worker does it now, for the ${ordinal(attempts)} time.`
      : 'A worker does it now.';
  }
  if ('Delayed' in state) return 'It is tried again soon.';
  if ('Done' in state) return 'Done.';
  if ('Cancelled' in state) return 'It was called off.';
  return state.Failed.reason;
}

function ordinal(count: number): string {
  if (count === 2) return 'second';
  return count === 3 ? 'third' : `${count}th`;
}
