import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import { tickAudits } from './audits/tick-audits.flow.ts';
import { tickEscrows } from './tick-escrows.flow.ts';
import { refreshPriceHints } from './refresh-price-hints.flow.ts';
import { tickTransfers } from './transfers/tick-transfers.flow.ts';
import type { TreasuryCanister } from './treasury-canister.ts';

const TICK_SECONDS = 10;
const PRICES_SECONDS = 600;

/** What the treasury does by itself. Nothing of it is remembered by a timer: all is in the queues. */
export function timerTasks(canister: TreasuryCanister): readonly TimerTask[] {
  return [
    { name: 'escrows', everySeconds: TICK_SECONDS, run: () => tickEscrows(canister) },
    {
      name: 'transfers',
      everySeconds: TICK_SECONDS,
      run: () => {
        tickTransfers(canister);
      },
    },
    { name: 'audits', everySeconds: TICK_SECONDS, run: () => tickAudits(canister) },
    { name: 'prices', everySeconds: PRICES_SECONDS, run: () => refreshPriceHints(canister) },
  ];
}
