import { startAgain } from './acts/upgrade.ts';
import { startLedgers } from './acts/real-ledgers.ts';
import { readAnswers } from './acts/pay.ts';
import { resolveParked } from './acts/resolve.ts';
import { nextDue } from './next-due.ts';
import type { Sim } from './sim.ts';

const SECOND_NS = 1_000_000_000n;
const DAY_NS = 86_400n * SECOND_NS;
/** Far more than any rental needs to come to its end. */
const MAX_LEAPS = 400;

/** A search after the window, a second generation, and one more of each. */
const DAYS_FOR_WITHDRAWALS = 4;

/** Ledgers answer again, and time passes until everybody is paid or nothing more can happen. */
export function calm(sim: Sim): void {
  const { world, tokens, ledgerWasm } = sim.net;
  sim.say('calm');
  for (const { ledger } of ledgerWasm === undefined ? tokens : []) {
    ledger.faults.clear();
    ledger.faults.release();
  }
  // A stop that was asked for comes first.
  world.runUntilIdle();
  startLedgers(sim);
  startAgain(sim);
  for (let leaps = 0; leaps < MAX_LEAPS; leaps += 1) {
    world.runUntilIdle();
    readAnswers(sim);
    const dueNs = nextDue(sim);
    if (dueNs === undefined) {
      endWithdrawals(sim);
      return;
    }
    const waitNs = dueNs > sim.now ? dueNs - sim.now : 0n;
    // Sometimes just then, sometimes long after, as after an outage of everything.
    const late = sim.random.isOneIn(3) ? sim.big(4n * DAY_NS) : sim.big(60n * SECOND_NS);
    world.advance(waitNs + 10n * SECOND_NS + late);
    resolveParked(sim);
  }
  sim.wrong('it never came to rest');
}

/** A withdrawal is part of no escrow: it gets the time that the slowest way to an end takes. */
function endWithdrawals(sim: Sim): void {
  if (!sim.counts.has('withdrawal')) return;
  for (let days = 0; days < DAYS_FOR_WITHDRAWALS; days += 1) {
    sim.net.world.advance(600n * SECOND_NS);
    sim.net.world.advance(DAY_NS + 600n * SECOND_NS);
    resolveParked(sim);
  }
}
