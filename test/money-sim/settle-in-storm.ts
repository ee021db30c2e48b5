import { readAnswers } from './acts/pay.ts';
import * as realLedgers from './acts/real-ledgers.ts';
import { rounds } from './acts/time.ts';
import * as trouble from './acts/trouble.ts';
import { forceUpgrade, startAgain, stopAndUpgrade, upgrade } from './acts/upgrade.ts';
import { nextDue } from './next-due.ts';
import type { Sim } from './sim.ts';

const STEPS = 10;
const SECOND_NS = 1_000_000_000n;
const DAY_NS = 86_400n * SECOND_NS;

/** Releases, refunds and settlements come due one after another while everything goes wrong. */
export function settleInStorm(sim: Sim): void {
  const { world } = sim.net;
  sim.say('storm');
  for (let step = 0; step < STEPS; step += 1) {
    const dueNs = nextDue(sim);
    if (dueNs === undefined && sim.isReadable()) return;
    makeTrouble(sim);
    const atNs = dueNs === undefined || dueNs < sim.now ? sim.now : dueNs;
    const late = sim.random.isOneIn(3) ? sim.big(2n * DAY_NS) : sim.big(60n * SECOND_NS);
    world.replica.setTime(atNs + 10n * SECOND_NS + late);
    rounds(sim);
    interrupt(sim);
    if (sim.random.isOneIn(2)) world.runUntilIdle();
    readAnswers(sim);
  }
}

function makeTrouble(sim: Sim): void {
  if (sim.net.ledgerWasm !== undefined) {
    const what = sim.random.weighted({ stop: 3, fee: 2, start: 4 });
    if (what === 'stop') realLedgers.stopLedger(sim);
    else if (what === 'fee') realLedgers.changeFeeByUpgrade(sim);
    else realLedgers.startLedgers(sim);
    return;
  }
  trouble.armFault(sim);
  trouble.armFault(sim);
  if (sim.random.isOneIn(3)) trouble.release(sim);
}

/** Something happens to the treasury between two of its messages. */
function interrupt(sim: Sim): void {
  const what = sim.random.weighted({ nothing: 5, upgrade: 1, force: 2, stop: 1, start: 2 });
  if (what === 'upgrade') upgrade(sim);
  else if (what === 'force') forceUpgrade(sim);
  else if (what === 'stop') stopAndUpgrade(sim);
  else if (what === 'start') startAgain(sim);
}
