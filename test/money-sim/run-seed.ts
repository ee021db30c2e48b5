import { chaos } from './chaos.ts';
import { calm } from './calm.ts';
import { gatherEvidence } from './gather-evidence.ts';
import type { Evidence, Verdict } from './judge/evidence.ts';
import { judge } from './judge/judge.ts';
import { Sim } from './sim.ts';
import { settleInStorm } from './settle-in-storm.ts';
import { moneyWorld, type MoneyWorld } from './world/money-world.ts';

const ACTIONS = 60;

/** What became of one run. */
export interface RunReport extends Verdict {
  readonly seed: number;
  /** Transfers that were parked and resolved. */
  readonly resolved: number;
  readonly counts: ReadonlyMap<string, number>;
}

interface RunOptions {
  /** Gets the timeline line by line. */
  readonly tell?: (line: string) => void;
  /** Makes the world; with stand-in ledgers if left out. */
  readonly world?: (seed: number) => MoneyWorld;
}

/** Lives one seed to its end. The same seed gives the same run, message by message. */
export function runSeed(seed: number, options: RunOptions = {}): RunReport {
  const { sim, evidence, troubles } = live(seed, options);
  const verdict = judge(evidence);
  countWays(sim, evidence);
  return {
    ...verdict,
    seed,
    troubles: [...sim.troubles, ...troubles, ...verdict.troubles],
    resolved: sim.parked.size,
    counts: sim.counts,
  };
}

/** How the treasury learned what became of its transfers. */
function countWays(sim: Sim, { journal }: Evidence): void {
  for (const { event } of journal) {
    if ('TransferPaid' in event) sim.count(`paid by ${Object.keys(event.TransferPaid.how).join()}`);
    if ('TransferFailed' in event) sim.count('failed');
    if ('TransferReplanned' in event) sim.count('planned again');
    if ('TransferParked' in event) sim.count('parked');
    if ('DustKept' in event) sim.count('dust');
    if ('Released' in event) sim.count('released');
    if ('DisputeDecided' in event)
      sim.count(`decided by ${Object.keys(event.DisputeDecided.how).join()}`);
    if ('PayoutsDeferred' in event) sim.count('deferred');
  }
}

/** A run up to its verdict: what it leaves behind, also for judging the judge. */
export function live(seed: number, options: RunOptions = {}) {
  const net = (options.world ?? moneyWorld)(seed);
  const sim = new Sim({ seed, net, tell: options.tell });
  chaos(sim, ACTIONS);
  settleInStorm(sim);
  calm(sim);
  return { sim, ...gatherEvidence(sim) };
}

/** Whether everybody got what they are owed, once, and nothing else was wrong. */
export function isSound(report: RunReport): boolean {
  const { double, lost, insolvent, parked, troubles } = report;
  return double === 0 && lost === 0 && insolvent === 0 && parked === 0 && troubles.length === 0;
}
