import type { Sim } from '../sim.ts';

const SECOND_NS = 1_000_000_000n;
const HOUR_NS = 3_600n * SECOND_NS;
const DAY_NS = 24n * HOUR_NS;

/** Some messages run, one a round; the rest waits for what comes between. */
export function rounds(sim: Sim): void {
  for (let left = 1 + sim.random.below(12); left > 0; left -= 1) sim.net.world.round();
}

export function settleDown(sim: Sim): void {
  sim.net.world.runUntilIdle();
}

/** Seconds pass and a few messages run. */
export function moment(sim: Sim): void {
  jump(sim, SECOND_NS + sim.big(90n * SECOND_NS));
}

/** The clock jumps, at most past the window in which a ledger knows what it executed. */
export function hours(sim: Sim): void {
  jump(sim, sim.big(26n * HOUR_NS));
}

export function days(sim: Sim): void {
  jump(sim, sim.big(5n * DAY_NS));
}

/** Messages that wait meet the new time one by one. */
function jump(sim: Sim, byNs: bigint): void {
  const { world } = sim.net;
  world.replica.setTime(world.timeNs + byNs);
  if (sim.random.isOneIn(2)) world.runUntilIdle();
  else rounds(sim);
}
