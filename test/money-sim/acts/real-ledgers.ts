import { IDL } from '@dfinity/candid';
import type { Account } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { note } from '../judge/knowledge.ts';
import type { Sim } from '../sim.ts';
import { MINTER } from '../world/cast.ts';
import type { TokenLedger } from '../world/money-world.ts';

const LedgerUpgrade = IDL.Variant({
  Upgrade: IDL.Opt(IDL.Record({ transfer_fee: IDL.Opt(IDL.Nat) })),
});

/** A ledger is stopped as for an upgrade: it answers what it has begun and rejects the rest. */
export function stopLedger(sim: Sim): void {
  const token = sim.tokenInUse();
  if (!sim.isLedgerUp(token)) return;
  const { world } = sim.net;
  world.stop(token.ledgerId);
  while (sim.isLedgerUp(token)) world.round();
  sim.count('ledger-stopped');
  sim.say(`${token.symbol} stops`);
}

export function startLedgers(sim: Sim): void {
  for (const token of sim.net.tokens) {
    if (sim.isLedgerUp(token)) continue;
    sim.net.world.start(token.ledgerId);
    sim.say(`${token.symbol} starts`);
  }
}

/** Takes another fee from now on. */
export function changeFeeByUpgrade(sim: Sim): void {
  const { world, ledgerWasm } = sim.net;
  if (ledgerWasm === undefined) return;
  const token = sim.tokenInUse();
  const fee = sim.random.pick([1n, token.fee / 2n, token.fee, 2n * token.fee, 5n * token.fee]);
  const arg = new Uint8Array(IDL.encode([LedgerUpgrade], [{ Upgrade: [{ transfer_fee: [fee] }] }]));
  const outcome = world.upgrade({ canisterId: token.ledgerId, wasm: ledgerWasm, arg });
  if (outcome.kind !== 'ok') {
    sim.wrong(`the ledger took no upgrade: ${outcome.message}`);
    return;
  }
  note(sim.known.fees, token.ledgerId.toText(), fee);
  sim.count('ledger-upgraded');
  sim.say(`${token.symbol} takes a fee of ${fee}`);
}

/** Tokens out of nothing. False if the ledger takes no calls now. */
export function give(
  sim: Sim,
  token: TokenLedger,
  order: { readonly to: Account; readonly amount: bigint },
): boolean {
  if (sim.net.ledgerWasm === undefined) {
    token.ledger.mint(order);
    return true;
  }
  return sim.isLedgerUp(token) && 'Ok' in token.ledger.transfer(MINTER, order);
}
