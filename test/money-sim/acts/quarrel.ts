import type { Done } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import type { PendingCall } from '@decent-cloud/localnet/testing/pending-call.ts';
import type { Sim } from '../sim.ts';
import { ARBITER } from '../world/cast.ts';

/** Payer or provider opens a dispute, or tries to. */
export function quarrel(sim: Sim): void {
  const known = sim.pickFrom([...sim.known.escrows.values()]);
  if (known === undefined) return;
  const { id, terms } = known.quote;
  const caller = sim.random.pick([terms.payer, terms.provider]);
  // Who is both is the payer first.
  const side = caller.compareTo(terms.payer) === 'eq' ? 'Payer' : 'Provider';
  const call = sim.net.submitAs(caller).open_dispute({ escrow_id: id, reason: 'it is slow' });
  if (!isDone(sim, call)) return;
  known.disputesOpened.push(side === 'Payer' ? { Payer: null } : { Provider: null });
  sim.count('dispute');
  sim.say(`dispute about escrow ${id}`);
}

/** Somebody says how to split, or the arbiter decides. */
export function split(sim: Sim): void {
  const disputed = [...sim.known.escrows.values()].filter((one) => one.disputesOpened.length > 0);
  const known = sim.pickFrom(disputed);
  if (known === undefined) return;
  const { id, terms, amount } = known.quote;
  const [dispute] = sim.escrow(id)?.dispute ?? [];
  const frozen = dispute?.frozen ?? amount;
  const { random } = sim;
  const part = random.pick([0n, frozen / 2n, frozen / 2n, frozen, frozen + 1n, sim.big(frozen)]);
  const request = { escrow_id: id, payer_part: part };
  const who = random.pick(['payer', 'provider', 'arbiter']);
  if (who === 'arbiter') {
    if (random.isOneIn(2)) return;
    if (!isDone(sim, sim.net.submitAs(ARBITER).decide_dispute(request))) return;
    known.decisions.push(part);
    sim.count('arbiter');
    return;
  }
  const caller = who === 'payer' ? terms.payer : terms.provider;
  if (!isDone(sim, sim.net.submitAs(caller).agree_split(request))) return;
  known.agreements.set(caller.compareTo(terms.payer) === 'eq' ? 'Payer' : 'Provider', part);
  sim.say(`escrow ${id}: ${who} agrees to ${part} for the payer`);
}

function isDone(sim: Sim, call: PendingCall<Done>): boolean {
  const answer = sim.settle(call);
  return answer !== undefined && 'Ok' in answer;
}
