import type { SeededRandom } from '@decent-cloud/localnet/system/ledger/faults/seeded-random.ts';
import { chosen } from '../sub-seed.ts';

/** What a renter does with the machine while it has it. */
export type RenterWish = 'nothing' | 'reboot' | 'off' | 'rotate-keys';

/** What one renter is going to do. */
export interface RenterPlan {
  readonly recipe: 'none' | 'runs-once' | 'always-fails';
  readonly wish: RenterWish;
  readonly leave:
    /** Cancels so long after the payment, whatever is going on then. */
    | { readonly kind: 'cancel-after-paid'; readonly waitMs: number }
    /** Cancels so long after the machine was ready. */
    | { readonly kind: 'cancel-when-ready'; readonly waitMs: number }
    /** Keeps it until the simulation is over: its term ends. */
    | { readonly kind: 'stay' };
}

const EARLY_MAX_MS = 25_000;
const READY_MAX_MS = 4_000;

export function planFor(random: SeededRandom): RenterPlan {
  return {
    recipe: chosen(random, [
      ['none', 60],
      ['runs-once', 30],
      ['always-fails', 10],
    ]),
    wish: chosen(random, [
      ['nothing', 70],
      ['reboot', 10],
      ['off', 10],
      ['rotate-keys', 10],
    ]),
    leave: chosen<RenterPlan['leave']>(random, [
      [{ kind: 'cancel-after-paid', waitMs: random.next() * EARLY_MAX_MS }, 40],
      [{ kind: 'cancel-when-ready', waitMs: random.next() * READY_MAX_MS }, 50],
      [{ kind: 'stay' }, 10],
    ]),
  };
}
