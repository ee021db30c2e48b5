import { askAgain, openRental, pay, readAnswers } from './acts/pay.ts';
import { quarrel, split } from './acts/quarrel.ts';
import { changePayee } from './acts/payees.ts';
import * as realLedgers from './acts/real-ledgers.ts';
import { report, start } from './acts/report.ts';
import { days, hours, moment, rounds, settleDown } from './acts/time.ts';
import * as trouble from './acts/trouble.ts';
import { forceUpgrade, startAgain, stopAndUpgrade, upgrade } from './acts/upgrade.ts';
import { withdraw } from './acts/withdraw.ts';
import { checkAtRest } from './check-at-rest.ts';
import type { Sim } from './sim.ts';

/** What can happen next, and how often it does. */
const ACTS = {
  openRental: [8, openRental],
  askAgain: [4, askAgain],
  pay: [8, pay],
  report: [10, report],
  start: [10, start],
  quarrel: [1.2, quarrel],
  split: [2, split],
  withdraw: [1.5, withdraw],
  changePayee: [3, changePayee],
  rounds: [16, rounds],
  settleDown: [8, settleDown],
  moment: [14, moment],
  hours: [8, hours],
  days: [5, days],
  changePrices: [2, trouble.changePrices],
  donate: [2, trouble.donate],
  upgrade: [1.2, upgrade],
  stopAndUpgrade: [1, stopAndUpgrade],
  startAgain: [1, startAgain],
  checkAtRest: [1, checkAtRest],
} as const satisfies Record<string, readonly [number, (sim: Sim) => void]>;

/** Only a stand-in ledger fails on demand. */
const FAULT_ACTS = {
  armFault: [14, trouble.armFault],
  badWeather: [3, trouble.badWeather],
  clearWeather: [3, trouble.clearWeather],
  release: [4, trouble.release],
  changeFee: [2, trouble.changeFee],
  forceUpgrade: [3, forceUpgrade],
} as const satisfies Record<string, readonly [number, (sim: Sim) => void]>;

/** What happens to ledgers that do not fail on demand. */
const REAL_LEDGER_ACTS = {
  stopLedger: [6, realLedgers.stopLedger],
  startLedgers: [8, realLedgers.startLedgers],
  changeFeeByUpgrade: [3, realLedgers.changeFeeByUpgrade],
} as const satisfies Record<string, readonly [number, (sim: Sim) => void]>;

type Act = readonly [number, (sim: Sim) => void];

/** So many random acts, each on whatever the ones before left. */
export function chaos(sim: Sim, actions: number): void {
  const acts: Record<string, Act> = {
    ...ACTS,
    ...(sim.net.ledgerWasm === undefined ? FAULT_ACTS : REAL_LEDGER_ACTS),
  };
  const weights = Object.fromEntries(
    Object.entries(acts).map(([name, [weight]]) => [name, weight]),
  );
  openRental(sim);
  openRental(sim);
  settleDown(sim);
  readAnswers(sim);
  settleDown(sim);
  start(sim);
  for (let left = actions; left > 0; left -= 1) {
    const name = sim.random.weighted(weights);
    acts[name]?.[1](sim);
    readAnswers(sim);
  }
}
