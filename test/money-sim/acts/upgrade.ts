import { expectOk } from '../world/money-world.ts';
import type { Sim } from '../sim.ts';
import { STRANGER } from '../world/cast.ts';

/** An upgrade at any moment, between whatever two messages it comes. */
export function upgrade(sim: Sim): void {
  if (sim.stop !== undefined) return;
  const { world, treasuryId, wasm } = sim.net;
  const isQuiet = !world.wantsRound();
  const mustRefuse = isQuiet && sim.heldCalls() > 0 && !sim.hasLostCalls;
  const before = mustRefuse ? fingerprint(sim) : '';
  const outcome = world.upgrade({ canisterId: treasuryId, wasm });
  const isDone = outcome.kind === 'ok';
  sim.count(isDone ? 'upgrade' : 'upgrade-refused');
  sim.say(`upgrade: ${isDone ? 'done' : 'refused'}`);
  if (!mustRefuse) return;
  if (isDone) sim.wrong('an upgrade was not refused while an answer was awaited');
  else if (fingerprint(sim) !== before) sim.wrong('a refused upgrade changed something');
}

/** The way that is always safe: stop, let every answer in, upgrade, start. Begins it, or goes on. */
export function stopAndUpgrade(sim: Sim): void {
  if (sim.hasLostCalls) return;
  const { world, treasuryId, wasm } = sim.net;
  if (sim.stop === undefined) {
    sim.stop = world.stop(treasuryId);
    sim.say('the treasury is to stop');
    return;
  }
  const stopped = sim.stop.response();
  if (stopped === undefined) return;
  if (stopped.kind === 'reject') {
    // Time leapt before the request was looked at, and it was too old then.
    sim.stop = undefined;
    return;
  }
  const outcome = world.upgrade({ canisterId: treasuryId, wasm });
  if (outcome.kind !== 'ok') sim.wrong(`stopped, and yet not upgraded: ${outcome.message}`);
  sim.count('upgrade-stopped');
  startAgain(sim);
}

/** Ends a stop, whether it came to it or not. */
export function startAgain(sim: Sim): void {
  if (sim.stop === undefined) return;
  sim.net.world.start(sim.net.treasuryId);
  sim.stop = undefined;
  sim.say('the treasury is started');
}

/**
 * Skips `pre_upgrade`, as an operator must where a ledger never answers. The calls that wait are lost
 * for ever: an answer after that would run on memory that is something else by then, which no canister
 * survives and nobody may simulate. So it is done only if every awaited answer is held by a ledger,
 * and none of these is ever given.
 */
export function forceUpgrade(sim: Sim): void {
  const { world, treasuryId, wasm, tokens } = sim.net;
  if (sim.stop !== undefined || sim.heldCalls() === 0) return;
  world.runUntilIdle();
  if (sim.heldCalls() === 0) return;
  const outcome = world.upgrade({ canisterId: treasuryId, wasm, skipPreUpgrade: true });
  if (outcome.kind !== 'ok') sim.wrong(`a forced upgrade failed: ${outcome.message}`);
  for (const { ledger } of tokens) ledger.faults.held.clear();
  sim.hasLostCalls = true;
  sim.count('upgrade-forced');
  sim.say('upgrade: forced, what was awaited is lost');
}

/** All that anybody can read and that a message of the treasury could have changed. */
function fingerprint(sim: Sim): string {
  const page = { from: [] as [], limit: 50, newest_first: true };
  const events = expectOk(sim.net.as(STRANGER).list_events(page));
  const escrows = [...sim.known.escrows.keys()].map((id) => sim.escrow(id));
  return JSON.stringify([events, escrows], (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
