import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { accountKey } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { escrowAccountOf } from './judge/treasury-accounts.ts';
import type { Sim } from './sim.ts';
import { STRANGER } from './world/cast.ts';
import { expectOk } from './world/money-world.ts';

/** At any moment at which nothing is under way, each escrow's account holds what the books say. */
export function checkAtRest(sim: Sim): void {
  sim.net.world.runUntilIdle();
  if (!sim.isReadable() || sim.heldCalls() > 0) return;
  sim.count('check-at-rest');
  for (const { ledgerId, symbol } of sim.net.tokens) {
    const { difference, shortfall } = expectOk(sim.net.as(STRANGER).solvency(ledgerId));
    if (difference !== 0n || shortfall !== 0n)
      sim.wrong(`${symbol} has a difference of ${difference}`);
  }
  for (const { quote } of sim.known.escrows.values()) {
    const escrow = sim.escrow(quote.id);
    if (escrow === undefined || escrow.live_transfer.length > 0) continue;
    const { payer, provider, author, platform } = escrow.books;
    const spent = [payer, provider, author, platform].reduce(
      (sum, one) => sum + one.paid + one.fees,
      0n,
    );
    const { owner, subaccount } = escrowAccountOf(sim.net.treasuryId, quote.id);
    const account = accountOf(owner, subaccount);
    const gifts = sim.known.donations
      .filter((gift) => gift.account === accountKey(account))
      .reduce((sum, gift) => sum + gift.amount, 0n);
    const token = sim.token(quote.terms.ledger);
    if (!sim.isLedgerUp(token)) continue;
    const balance = token.ledger.balanceOf(account);
    const due = escrow.deposited - spent + gifts;
    if (balance !== due) sim.wrong(`escrow ${quote.id} holds ${balance} and must hold ${due}`);
  }
}
