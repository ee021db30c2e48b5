import type { PendingCall } from '@decent-cloud/localnet/testing/pending-call.ts';
import type { Transfer } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { hex, movementsOf, type Movement } from '../judge/ledger-accounts.ts';
import { keyOf } from '../judge/journalled-transfers.ts';
import type { Sim } from '../sim.ts';
import { CONTROLLER, STRANGER } from '../world/cast.ts';
import { expectOk } from '../world/money-world.ts';

type Claim = { Paid: { block: [] | [bigint] } } | { Replan: null };

const WINDOW_NS = 25n * 3_600_000_000_000n;

/** A controller looks at what is parked, lies first, and then says what the ledger proves. */
export function resolveParked(sim: Sim): void {
  const page = { from: [] as [], limit: 50, newest_first: false };
  const { rows } = expectOk(sim.net.as(STRANGER).parked_transfers(page));
  for (const { value: transfer } of rows) {
    sim.parked.add(transfer.id);
    sim.say(`transfer ${transfer.id} is parked`);
    sim.net.world.advance(WINDOW_NS);
    const block = blockOf(sim, transfer);
    const truth: Claim =
      block === undefined ? { Replan: null } : { Paid: { block: [block.index] } };
    const lie: Claim = block === undefined ? { Paid: { block: [0n] } } : { Replan: null };
    const { hasIcrc3 } = sim.token(transfer.ledger);
    // With blocks a false claim is either refused or corrected by what is found.
    if (isTaken(sim, transfer, lie) && !hasIcrc3) {
      sim.wrong(`a false claim about transfer ${transfer.id} was believed`);
    }
    if (!isTaken(sim, transfer, truth)) sim.count('truth-not-proven-yet');
  }
}

function isTaken(sim: Sim, { id }: Transfer, claim: Claim): boolean {
  const controller = sim.net.submitAs(CONTROLLER);
  const call: PendingCall<{ Ok: unknown } | { Err: { message: string } }> =
    controller.resolve_transfer(id, claim);
  const answer = sim.settle(call);
  if (answer === undefined) return false;
  const [name = ''] = Object.keys(claim);
  sim.say(`transfer ${id}: ${name}? ${'Ok' in answer ? 'proven' : answer.Err.message}`);
  sim.count('Ok' in answer ? 'resolved' : 'claim-refused');
  return 'Ok' in answer;
}

/** What the ledger knows, of which a person has seen all blocks, also those of a ledger without ICRC-3. */
function blockOf(sim: Sim, transfer: Transfer): Movement | undefined {
  if (!('Parked' in transfer.status)) return undefined;
  const memo = hex(Uint8Array.from(transfer.status.Parked.args.memo));
  const from = keyOf(transfer.from);
  const { ledger } = sim.token(transfer.ledger);
  return movementsOf(ledger.blocks()).find((one) => one.memo === memo && one.from === from);
}
